--! Title: What has to be decided about functions that write the chat's tables

-- Columns that say by a boolean or a time what a word will say alone.
create view schema_fix.columns_of_flags as
select distinct member.table_id, flag.column_name as stands_for, found.name as column_name
from schema_fix.present_tables as member
join schema_fix.column_names as fact
    on fact.table_name = member.table_name
join (select distinct column_name, means from schema_fix.flags) as flag
    on flag.column_name = fact.column_name
cross join lateral unnest(schema_fix.flags_for(member.table_id, flag.column_name, flag.means)) as found (name)
where member.generation = 'current';

create view schema_fix.decisions_about_writes (name, problem, may_be_acknowledged) as
-- mutant: what a function writes means something else
select
    wrong.function_id::text,
    format('the function %s %s', wrong.function_id, string_agg(distinct wrong.words, '; and ')),
    true
from (
    -- Rooms, where a key kept those with messages or members in them.
    select
        writing.function_id,
        format(
            'deletes from %s, where the key %I of %s kept rooms that have some; with the fix these are deleted with the room: let it check what is'
                ' in the room',
            writing.table_id, key.conname, key.conrelid::regclass
        ) as words
    from schema_fix.writes_of_functions as writing
    join pg_constraint as key
        on key.confrelid = writing.table_id
        and key.contype = 'f'
        and key.confdeltype <> 'c'
    join schema_fix.present_tables as kept
        on kept.table_id = key.conrelid
        and kept.generation = 'current'
    where writing.table_name = 'chat_rooms'
        and writing.verb = 'delete from'
        and (
            writing.source ~ 'foreign_key_violation|23503|\mothers\M'
            or not exists (
                select
                from schema_fix.writes_of_functions as beside
                where beside.function_id = writing.function_id
                    and beside.table_id = key.conrelid
                    and beside.verb = 'delete from'
            )
        )
    union all
    -- Memberships without a status, where it may be null, or another column says who waits: who has a row is in.
    select
        writing.function_id,
        format(
            'inserts memberships into %s without a status; after the fix they are pending: add a column status with the default approved before',
            writing.table_id
        )
    from schema_fix.writes_of_functions as writing
    where writing.table_name = 'chat_room_members'
        and writing.verb = 'insert into'
        and schema_fix.default_status(writing.table_id) = 'pending'
        and not exists (
            select
            from unnest(schema_fix.columns_for(writing.table_id, 'status')) as status (name)
            where lower(status.name) = any (writing.listed)
                or writing.listed is null
                or exists (
                    select from pg_attrdef where adrelid = writing.table_id and adnum = schema_fix.place_of(writing.table_id, status.name)
                )
        )
        and exists (select from schema_fix.legacy_members where source = 'public.chat_room_members' and status = 'approved')
    union all
    -- Booleans and times that say who is blocked, has left or is an admin, or what a room is: from now on a word alone says so.
    select
        writing.function_id,
        format('writes %s.%I, which is read only once, by the fix; afterwards %I decides: let it write that too', flag.table_id,
            flag.column_name, flag.stands_for)
    from schema_fix.writes_of_functions as writing
    join schema_fix.columns_of_flags as flag
        on flag.table_id = writing.table_id
        and (
            lower(flag.column_name) = any (writing.listed)
            or writing.verb = 'update'
            and split_part(writing.rest, ' where ', 1) ~ format('(\mset |,) ?"?%s"? ?=', lower(flag.column_name))
        )
    where not exists (
        select
        from unnest(schema_fix.columns_for(writing.table_id, flag.stands_for)) as word (name)
        where lower(word.name) = any (writing.listed)
            or split_part(writing.rest, ' where ', 1) ~ format('(\mset |,) ?"?%s"? ?=', lower(word.name))
    )
    union all
    -- Arguments, written into a column whose rows have values that the fix replaces.
    select
        writing.function_id,
        format('writes its argument into %s.%I, and the fix replaces the values of that column: let it check the argument for the fix''s words',
            writing.table_id, worded.column_name)
    from schema_fix.writes_of_functions as writing
    join schema_fix.worded_columns as worded
        on worded.table_id = writing.table_id
    where writing.verb = 'update'
        and split_part(writing.rest, ' where ', 1) ~ format('(\mset |,) ?"?%s"? ?= ?"?[a-z$]', lower(worded.column_name))
        and exists (
            select
            from schema_fix.words_written(worded.table_id, worded.column_name) as held (word)
            where held.word not in (select means from schema_fix.words as known where known.column_name = worded.stands_for)
        )
    union all
    -- Groups of a name that comes from elsewhere: a ticket, an event, whoever calls.
    select
        naming.function_id,
        format(
            'makes groups in %s with a title that their creator may have used before; after the fix the second insert fails, and with it whatever'
                ' called the function: let it leave the title empty, or handle the error',
            naming.table_id
        )
    from schema_fix.functions_that_name_groups as naming
    union all
    select
        writing.function_id,
        format('has a statement that the fix does not understand: %s %s: write it as insert, update or delete', writing.verb, writing.table_id)
    from schema_fix.writes_of_functions as writing
    where writing.verb in ('merge into', 'truncate')
) as wrong
group by wrong.function_id;
