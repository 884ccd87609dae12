--! Title: What has to be decided about people whom only another table puts in a room

-- Tables that the fix does not know and that say by their shape who is in which room: keyed to rooms with a column called as a member's, or with a
-- unique rule for each room and person.
create view schema_fix.tables_of_people as
-- Spelled out once: there are many columns in a database.
with names as materialized (
    select column_name, schema_fix.spelling(known_as) as spelling
    from schema_fix.column_names
    where column_name in ('room_id', 'user_id')
)
select relation.oid::regclass as table_id, room.attname as room_column, person.attname as person_column
from pg_class as relation
join pg_attribute as room
    on room.attrelid = relation.oid
    and room.attnum > 0
    and not room.attisdropped
cross join lateral (
    select
        exists (
            select
            from pg_constraint as key
            where key.conrelid = relation.oid
                and key.contype = 'f'
                and key.conkey = array[room.attnum]
                and key.confrelid in (select table_id from schema_fix.present_tables where holds = 'rooms')
        ) as is_keyed,
        schema_fix.spelling(room.attname) in (select spelling from names where column_name = 'room_id') as is_named
) as rooms
-- Looked at only beside what may be a room.
join pg_attribute as person
    on (rooms.is_keyed or rooms.is_named)
    and person.attrelid = relation.oid
    and person.attnum > 0
    and not person.attisdropped
    and person.attnum <> room.attnum
cross join lateral (
    select
        schema_fix.spelling(person.attname) in (select spelling from names where column_name = 'user_id') as is_named,
        exists (
            select
            from pg_index
            where indrelid = relation.oid
                and indisunique
                and indnkeyatts = 2
                and (indkey::int2[])[0:1] <@ array[room.attnum, person.attnum]
        ) as is_unique
) as people
where relation.relkind in ('r', 'p')
    and relation.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    and relation.relname not in (select table_name from schema_fix.tables)
    and has_table_privilege(relation.oid, 'select')
    and (rooms.is_keyed or people.is_unique)
    and (
        people.is_named
        or people.is_unique and exists (
            select from schema_fix.columns_of_accounts as account where account.table_id = relation.oid and account.name = person.attname
        )
    );

-- How often a table puts somebody in a room of the chat whom no table of members knows there.
create function schema_fix.people_beside_members(target regclass, room_column name, person_column name) returns bigint
language plpgsql
stable
as $$
declare
    counted bigint;
begin
    execute format(
        'select count(*)
        from (
            select schema_fix.room_uuid(%I::text) as room_id, schema_fix.user_uuid(%I::text) as user_id from %s
            except
            select room_id, user_id from schema_fix.legacy_members
        ) as said
        where user_id is not null
            and room_id in (select id from schema_fix.legacy_rooms)',
        room_column, person_column, target
    ) into counted;
    return counted;
end
$$;

-- Whether the rules of the database let everybody signed in read messages, so that the application decides who does.
create function schema_fix.everybody_reads_messages() returns boolean
language sql
stable
as $$
    select exists (
        select
        from pg_class
        where oid = schema_fix.table_called('chat_messages')
            and not relrowsecurity
    )
    or exists (
        select
        from schema_fix.present_policies as policy
        where policy.table_name = 'chat_messages'
            and policy.is_permissive
            and policy.command in ('r', '*')
            and schema_fix.binds_signed_in(policy.roles)
            and lower(regexp_replace(policy.using_expression, '[\s()"]', '', 'g'))
                ~ '^(true|(select)?auth\.(uid(asuid)?isnotnull|role(asrole)?=''authenticated''::text))$'
    )
$$;

-- How often a column of rooms names, beside all members of a room, somebody who is no member there.
create function schema_fix.people_listed_beside_members(target regclass, column_name name, id name, people text) returns bigint
language plpgsql
stable
as $$
declare
    counted bigint;
begin
    execute format(
        'with said as materialized (
            select distinct schema_fix.room_uuid(named.%I::text) as room_id, schema_fix.user_uuid(said.person) as user_id
            from %s as named
            cross join lateral %s as said (person)
        )
        select count(*)
        from said
        where user_id is not null
            and room_id in (select member.room_id from schema_fix.legacy_members as member where member.status = ''approved'')
            and (room_id, user_id) not in (
                select member.room_id, member.user_id
                from schema_fix.legacy_members as member
                where member.room_id is not null
                    and member.user_id is not null
            )
            and room_id not in (
                select member.room_id
                from schema_fix.legacy_members as member
                where member.status = ''approved''
                    and member.room_id is not null
                    and (member.room_id, member.user_id) not in (
                        select known.room_id, known.user_id from said as known where known.room_id is not null and known.user_id is not null
                    )
            )',
        id, target, format(people, column_name)
    ) into counted;
    return counted;
end
$$;

create view schema_fix.decisions_about_people_elsewhere (name, problem, may_be_acknowledged) as
-- A table that names people in rooms beside the members that the fix knows: by the old rules, or in the application, it may be what lets them in.
select
    elsewhere.table_id::text,
    format(
        '%s names people in rooms (%I, %I), %s of whom are members there in no table that the fix knows: they would read nothing any more; copy'
            ' the members to chat_room_members or room_members',
        elsewhere.table_id, elsewhere.room_column, elsewhere.person_column, said.people
    ),
    true
from schema_fix.tables_of_people as elsewhere
cross join lateral schema_fix.people_beside_members(
    elsewhere.table_id, elsewhere.room_column, elsewhere.person_column
) as said (people)
where not schema_fix.was_applied()
    and exists (select from schema_fix.legacy_members)
    and said.people > 0
    and (
        schema_fix.everybody_reads_messages()
        or exists (
            select
            from schema_fix.texts_of_policies
            where source ~* format('\m%s\M', (select relname from pg_class where oid = elsewhere.table_id))
        )
    )
union all
-- The same of a list in the room itself. Where policies let people in, they read it, and another decision names it.
-- mutant: whom only the list of a room names is in it no more
select
    format('%s.%I', listed.table_id, listed.column_name),
    format(
        '%s.%I names the members of rooms and others, %s in all, whom no table of members knows there: they would read nothing any more; copy them'
            ' to chat_room_members or room_members, or acknowledge it, if they are no members',
        listed.table_id, listed.column_name, said.people
    ),
    true
from schema_fix.columns_that_may_list_people as listed
cross join lateral schema_fix.people_listed_beside_members(
    listed.table_id, listed.column_name, listed.id, listed.people
) as said (people)
where not schema_fix.was_applied()
    and listed.id is not null
    and schema_fix.everybody_reads_messages()
    and said.people > 0;
