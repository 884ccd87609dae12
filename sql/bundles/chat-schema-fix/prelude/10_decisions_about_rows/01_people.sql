--! Title: What has to be decided about rooms and people that the fix does not find

-- The ids that are written somewhere in a text or json, if there are so many.
create function schema_fix.ids_written_in(written text, at_least bigint) returns setof text
language sql
immutable
as $$
    with ids as materialized (
        select distinct match[1] as id
        from regexp_matches(
            written, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])', 'gi'
        ) as match
    )
    select id from ids where (select count(*) from ids) >= at_least
$$;

-- Whether a column names somebody who made a room, is in one or wrote a message, in one of the rows that a condition chooses, of which the
-- row is called `named`. `people` is how it is read: as a uuid or a list of them, if nothing else is said.
create function schema_fix.names_people(
    target regclass,
    column_name name,
    condition text,
    people text default 'regexp_split_to_table(btrim(named.%I::text, ''{}''), '','')'
) returns boolean
language plpgsql
stable
as $$
declare
    found boolean;
begin
    execute format(
        -- Counted: where it has to find one, Postgres takes it for likely that it soon does, and compares each room with each membership.
        'select count(*) > 0
        from %s as named
        cross join lateral %s as said (person)
        where (%s)
            and schema_fix.user_uuid(said.person) in (
                select sender from schema_fix.legacy_messages
                union select created_by from schema_fix.legacy_rooms
                union select user_id from schema_fix.legacy_members
            )',
        target, format(people, column_name), condition
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

-- The columns of rooms that may name people, one or many, and how they are read.
create view schema_fix.columns_that_may_list_people as
select
    relation.oid::regclass as table_id,
    attribute.attname as column_name,
    (schema_fix.columns_for(relation.oid, 'id'))[1] as id,
    -- A text has to hold two: the path of a picture has the id of whoever uploaded it.
    case
        when type.typcategory = 'S' then 'schema_fix.ids_written_in(named.%I::text, 2)'
        else 'schema_fix.ids_written_in(named.%I::text, 1)'
    end as people
from schema_fix.tables
join pg_class as relation
    on relation.oid = schema_fix.table_called(table_name)
join pg_attribute as attribute
    on attribute.attrelid = relation.oid
    and attribute.attnum > 0
    and not attribute.attisdropped
join pg_type as type
    on type.oid = attribute.atttypid
    and (type.typcategory in ('A', 'S') or type.oid in ('uuid'::regtype, 'json'::regtype, 'jsonb'::regtype))
where holds = 'rooms'
    and not exists (
        select from schema_fix.known_columns as known where known.table_id = relation.oid and known.name = attribute.attname
    )
-- Before anybody looks into the rows of a column.
offset 0;

create view schema_fix.decisions_about_people (name, problem, may_be_acknowledged) as
-- Rooms that are kept in a table which the fix does not know.
select
    format('public.%s.%s', key.table_name, key.name),
    format(
        'public.%s.%I references %s, and the fix knows rooms in public.chat_rooms and public.rooms only: move the rooms there, or rename the table',
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
        'public.%s.%I references %s (%I), where the account is in another column, %I: nobody could be recognised by it. Make it hold the ids of'
            ' accounts',
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
        '%s is keyed to %s and names people in %s; the tables of members that the fix knows are empty: copy them to chat_room_members or'
            ' room_members, or acknowledge it, if they are no members',
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
-- A column of rooms that names people, one or many, in a list, in json or as the key of a pair, of rooms in which the chat's own tables know nobody: they may be the members.
-- mutant: the two of a room that names them are in none
select
    format('%s.%I', room.table_id, room.column_name),
    case
        when exists (select from schema_fix.legacy_members)
            then format('%s.%I names people, also of rooms that have no member: copy them to chat_room_members or room_members, or acknowledge'
                ' it, if they are no members', room.table_id, room.column_name)
        else format('%s.%I names people; the tables of members that the fix knows are empty: copy them to chat_room_members or room_members, or'
            ' acknowledge it, if they are no members', room.table_id, room.column_name)
    end,
    true
from schema_fix.columns_that_may_list_people as room
where schema_fix.names_people(
        room.table_id, room.column_name,
        case
            when room.id is not null
                then format(
                    'not exists (select from schema_fix.legacy_members as member where member.room_id = schema_fix.room_uuid(named.%I::text))', room.id
                )
            else 'not exists (select from schema_fix.legacy_members)'
        end,
        room.people
    )
    and not schema_fix.was_applied()
union all
-- A column of the older rooms that their policies compare with who asks: a host, under a name that the fix does not know. Those policies
-- are not among the ones that are tried, because nobody writes to the table any more.
select
    format('%s.%I', policy.table_id, attribute.attname),
    format(
        '%s.%I names a person whom policy %I on it, for %s, asks for, and the fix knows no such person: they would have no right by it: rename it'
            ' to created_by, if they made the room, or acknowledge it',
        policy.table_id, attribute.attname, policy.name, schema_fix.say_command(policy.command)
    ),
    true
from schema_fix.present_policies as policy
join pg_depend as looked
    on looked.classid = 'pg_policy'::regclass
    and looked.objid = policy.policy_id
    and looked.refclassid = 'pg_class'::regclass
    and looked.refobjid = policy.table_id
join pg_attribute as attribute
    on attribute.attrelid = looked.refobjid
    and attribute.attnum = looked.refobjsubid
    and attribute.attnum > 0
where policy.table_name = 'rooms'
    and policy.name !~ '^chat_schema_fix_'
    and concat_ws(' ', policy.using_expression, policy.check_expression) ~ '\m(uid|jwt)\('
    and attribute.atttypid in ('uuid'::regtype, 'uuid[]'::regtype, 'text'::regtype, 'text[]'::regtype, 'character varying'::regtype)
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = policy.table_id)
    and not schema_fix.was_applied();
