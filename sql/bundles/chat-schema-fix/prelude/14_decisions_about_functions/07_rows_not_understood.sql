--! Title: Rows that functions write in a way that is not known to mean the same after the fix

create view schema_fix.rows_not_understood (function_id, words) as
-- Rows whose columns are not named, where the fix adds columns or changes their types.
select
    writing.function_id,
    format(
        'writes rows into %s without naming their columns, which the fix changes%s: name them', writing.table_id, ' (it adds ' || grown.columns || ')'
    )
from schema_fix.writes_of_functions as writing
left join schema_fix.tables_that_grow as grown
    on grown.table_id = writing.table_id
where writing.verb = 'insert into'
    and writing.listed is null
    and writing.rest !~ '^ ?default values'
    and (
        grown.table_id is not null
        or exists (select from schema_fix.columns_that_change_type as changed where changed.table_id = writing.table_id)
    )
union all
-- Rows whose columns are no names of columns that are there.
select writing.function_id, format('writes into %s columns that are not there (%s): name those that are', writing.table_id, array_to_string(writing.listed, ', '))
from schema_fix.writes_of_functions as writing
where exists (
    select
    from unnest(writing.listed) as named (name)
    where not exists (
        select from pg_attribute where attrelid = writing.table_id and attnum > 0 and lower(attname) = named.name and not attisdropped
    )
)
union all
-- Rows without a room or a person.
select
    writing.function_id,
    format('writes rows into %s without %I, and with the fix every row has one: let it give one', writing.table_id, required.column_name)
from schema_fix.writes_of_functions as writing
join schema_fix.columns as required
    on required.table_name = writing.table_name
    and required.column_name in ('room_id', 'user_id')
    and required.is_required
where writing.listed is not null
    and exists (select from unnest(schema_fix.columns_for(writing.table_id, required.column_name)))
    and not exists (
        select
        from unnest(schema_fix.columns_for(writing.table_id, required.column_name)) as found (name)
        join pg_attribute as attribute
            on attribute.attrelid = writing.table_id
            and attribute.attname = found.name
        where lower(found.name) = any (writing.listed)
            or attribute.atthasdef
            or attribute.attnotnull
    )
union all
-- Rooms without a type, where no column says it: with the fix they are groups.
select
    writing.function_id,
    format('makes rooms in %s, which has no type today; with the fix it makes groups: give the table a column type before', writing.table_id)
from schema_fix.writes_of_functions as writing
where writing.table_name = 'chat_rooms'
    and writing.verb = 'insert into'
    and schema_fix.columns_for(writing.table_id, 'type') = '{}'
    and exists (
        select from schema_fix.legacy_members as member where member.source in ('public.room_members', 'public.conversation_participants')
    )
union all
-- What happens where a row is there already, found by columns of which the fix makes another rule.
select
    writing.function_id,
    format('looks in %s for a row with the same %s, and the fix replaces the rule behind it: look for the room and the person, or do without on'
        ' conflict', writing.table_id, told.columns)
from schema_fix.writes_of_functions as writing
cross join lateral substring(writing.rest from '\mon conflict ?\(([^()]*)\)') as told (columns)
where writing.verb = 'insert into'
    and exists (
        select
        from string_to_table(told.columns, ',') as named (name)
        join schema_fix.columns_found as found
            on found.target = writing.table_id
            and lower(found.column_name) = btrim(named.name, ' "')
        where found.stands_for not in ('id', 'room_id', 'user_id')
    )
union all
-- Memberships written where they are read no more.
select used.function_id, format('makes memberships in %s, which nobody reads any more: let it write chat_room_members or room_members',
    present.table_id)
from schema_fix.functions_in_use as used
cross join lateral schema_fix.writes_in(used.source) as written
join schema_fix.present_tables as present
    on present.table_name = written.table_name
    and present.generation = 'first'
    and present.holds = 'members'
where written.verb in ('insert into', 'merge into')
    and not schema_fix.was_applied();
