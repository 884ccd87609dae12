--! Title: What has to be decided about rooms and people that the fix does not find

-- Whether a column names somebody who made a room or wrote a message: a uuid, or a list of them.
create function schema_fix.names_people(target regclass, column_name name) returns boolean
language plpgsql
stable
as $$
declare
    found boolean;
begin
    execute format(
        'select exists (
            select
            from %s
            cross join lateral regexp_split_to_table(btrim(%I::text, ''{}''), '','') as named (person)
            where schema_fix.user_uuid(named.person) in (
                select sender from schema_fix.legacy_messages union select created_by from schema_fix.legacy_rooms
            )
        )',
        target, column_name
    ) into found;
    return found;
end
$$;

-- The columns of each table that hold the id of an account, by a foreign key to the accounts.
create view schema_fix.columns_of_accounts as
select to_account.conrelid as table_id, attribute.attname as name
from pg_constraint as to_account
join pg_attribute as attribute
    on attribute.attrelid = to_account.conrelid
    and to_account.conkey = array[attribute.attnum]
where to_account.contype = 'f'
    and to_account.confrelid = to_regclass('auth.users');

-- Tables that the fix does not know and that say by their shape who is in which room: keyed to rooms with a column called as a member's, or with a
-- unique rule for each room and person.
create view schema_fix.tables_of_people as
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
        exists (
            select
            from schema_fix.column_names
            where column_name = 'room_id'
                and schema_fix.spelling(known_as) = schema_fix.spelling(room.attname)
        ) as is_named
) as rooms
-- Looked at only beside what may be a room: there are many columns in a database.
join pg_attribute as person
    on (rooms.is_keyed or rooms.is_named)
    and person.attrelid = relation.oid
    and person.attnum > 0
    and not person.attisdropped
    and person.attnum <> room.attnum
cross join lateral (
    select
        exists (
            select
            from schema_fix.column_names
            where column_name = 'user_id'
                and schema_fix.spelling(known_as) = schema_fix.spelling(person.attname)
        ) as is_named,
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
            and policy.roles && array[0::oid, 'authenticated'::regrole::oid]
            and lower(regexp_replace(policy.using_expression, '[\s()"]', '', 'g'))
                ~ '^(true|(select)?auth\.(uid(asuid)?isnotnull|role(asrole)?=''authenticated''::text))$'
    )
$$;

create view schema_fix.decisions_about_people (name, problem, may_be_acknowledged) as
-- Rooms that are kept in a table which the fix does not know.
select
    format('public.%s.%s', key.table_name, key.name),
    format(
        'public.%s.%I references %s, and the fix knows rooms in public.chat_rooms and public.rooms only',
        key.table_name, key.name, key.target
    ),
    false
from schema_fix.keys_of_columns as key
where key.column_name = 'room_id'
    and not exists (
        select from schema_fix.present_tables where holds = 'rooms' and table_id = key.target
    )
union all
-- People who are rows of another table, whose id is not the account's.
select
    format('public.%s.%s', key.table_name, key.name),
    format(
        'public.%s.%I references %s (%I), where the account is in another column, %I: nobody could be recognised by it',
        key.table_name, key.name, key.target, key.target_column, account.name
    ),
    false
from schema_fix.keys_of_columns as key
cross join lateral (
    select name
    from schema_fix.columns_of_accounts
    where table_id = key.target
        and name <> key.target_column
    limit 1
) as account
where key.column_name in ('sender', 'user_id', 'created_by', 'invited_by')
    and not exists (
        select
        from schema_fix.columns_of_accounts as target
        where target.table_id = key.target
            and target.name = key.target_column
    )
union all
-- A table with a foreign key to rooms and a column for a person, where the known tables have no members: its people may be the
-- members.
select
    key.conrelid::regclass::text,
    format(
        '%s is keyed to %s and names people in %s; the tables of members that the fix knows are empty',
        key.conrelid::regclass, key.confrelid::regclass, string_agg(distinct quote_ident(person.attname), ', ')
    ),
    true
from schema_fix.present_tables
join pg_constraint as key
    on key.confrelid = table_id
    and key.contype = 'f'
join pg_attribute as person
    on person.attrelid = key.conrelid
    and person.attnum > 0
    and not person.attisdropped
    and person.atttypid in ('uuid'::regtype, 'text'::regtype, 'bigint'::regtype)
    and schema_fix.spelling(person.attname) in (
        select schema_fix.spelling(known_as)
        from schema_fix.column_names
        where column_name = 'user_id'
    )
where holds = 'rooms'
    and key.conrelid not in (select ours.table_id from schema_fix.present_tables as ours)
    and not exists (select from schema_fix.legacy_members)
group by key.conrelid, key.confrelid
union all
-- Such a table beside members that the fix knows: by the old rules, or in the application, it may be what lets them in.
select
    elsewhere.table_id::text,
    format(
        '%s names people in rooms (%I, %I), %s of whom are members there in no table that the fix knows: they would read nothing any more',
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
-- A column of rooms that names people, one or many, where the chat's own tables know nobody: they may be the members.
select
    format('%s.%I', room.table_id, room.column_name),
    format('%s.%I names people; the tables of members that the fix knows are empty', room.table_id, room.column_name),
    true
from (
    select relation.oid::regclass as table_id, attribute.attname as column_name
    from schema_fix.tables
    join pg_class as relation
        on relation.oid = schema_fix.table_called(table_name)
    join pg_attribute as attribute
        on attribute.attrelid = relation.oid
        and attribute.attnum > 0
        and not attribute.attisdropped
        and attribute.atttypid in ('uuid'::regtype, 'uuid[]'::regtype, 'text[]'::regtype)
    where holds = 'rooms'
) as room
where not exists (
        select from schema_fix.known_columns as known where known.table_id = room.table_id and known.name = room.column_name
    )
    and not exists (select from schema_fix.legacy_members)
    and schema_fix.names_people(room.table_id, room.column_name)
union all
-- Messages of which none is in a room that the fix knows: from one person to another, in a room that is but a word, or kept elsewhere.
select
    'public.chat_messages',
    case
        when schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'room_id') = '{}'
            then 'no column of public.chat_messages says which room a message is in'
        else 'no message of public.chat_messages is in a room of public.chat_rooms or public.rooms'
    end || ', so nobody would read them any more',
    true
where (
        exists (select from schema_fix.legacy_messages)
        -- Without rows, too, a table that names no room is another application's.
        or schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'room_id') = '{}'
        and schema_fix.table_called('chat_messages') is not null
    )
    and not exists (
        select
        from schema_fix.legacy_messages as message
        join schema_fix.legacy_rooms as room
            on room.id = message.room_id
    )
    and not schema_fix.was_applied()
union all
-- Messages of which nobody sent any, as far as ids of accounts can tell: numbers of another table, names, addresses.
select
    'public.chat_messages.sender',
    'what public.chat_messages says of senders is the id of an account nowhere, so nobody would know their own messages',
    true
where exists (select from schema_fix.legacy_messages where btrim(author) <> '')
    and not exists (select from schema_fix.legacy_messages where sender is not null)
    and not schema_fix.was_applied()
union all
-- Rooms without any membership: whoever could read them by another rule would lose access.
select
    'public.chat_room_members',
    'nobody is a member of any room, so nobody would read them any more but those who wrote there',
    true
where not exists (
        select
        from schema_fix.legacy_members as member
        join schema_fix.legacy_rooms as room
            on room.id = member.room_id
        where member.user_id is not null
            and member.status = 'approved'
    )
    and not schema_fix.was_applied()
    and exists (
        select
        from schema_fix.legacy_rooms as room
        where room.created_by is null
            or exists (
                select
                from schema_fix.legacy_members as member
                where member.room_id = room.id
                    and btrim(member.word) <> ''
                    and schema_fix.meaning_of('status', member.word) is null
            )
            or exists (
                select
                from schema_fix.legacy_messages as message
                where message.room_id = room.id
                    and message.sender <> room.created_by
            )
    );
