--! Title: Changes and deletions by functions that are not known to mean the same after the fix

create view schema_fix.changes_not_understood (function_id, words) as
-- Updates.
select
    writing.function_id,
    case
        when assigned.column_name is null then format('has an update of %s that the fix does not understand: name each column that it sets',
            writing.table_id)
        else format('changes %s.%I, by which the fix goes: let it leave that as it is', writing.table_id, assigned.column_name)
    end
from schema_fix.writes_of_functions as writing
cross join lateral (
    select assigned.* from schema_fix.columns_set(writing.verb, writing.rest) as assigned
    union all
    select null, null where writing.verb = 'update' and not exists (select from schema_fix.columns_set(writing.verb, writing.rest))
) as assigned
left join schema_fix.columns_found as found
    on found.target = writing.table_id
    and lower(found.column_name) = assigned.column_name
where assigned.column_name is null
    or found.stands_for is not null
    and not schema_fix.is_understood_change(found.stands_for, assigned.value)
    -- Who gives a group a title is told that there is one of the name; whoever a trigger acts for is not.
    and not (
        found.stands_for = 'title'
        and exists (select from pg_proc where oid = writing.function_id and prorettype <> 'trigger'::regtype)
    )
union all
-- Values that a trigger gives the row that is written.
select
    acting.tgfoid::regprocedure,
    format(
        'gives every new row of %s a %I of its own, also what the functions of the fix insert, which go by what they gave: let it keep what is given',
        acting.tgrelid::regclass, found.column_name
    )
from pg_trigger as acting
join schema_fix.present_tables as present
    on present.table_id = acting.tgrelid
    and present.generation = 'current'
join schema_fix.functions_in_use as used
    on used.function_id = acting.tgfoid
    and used.called_id = acting.tgfoid
join schema_fix.columns_found as found
    on found.target = acting.tgrelid
    and found.stands_for in ('title', 'type', 'room_id', 'user_id', 'created_by')
cross join lateral regexp_matches(
    used.source, format('\mnew\s*\.\s*"?%1$s"?\s*:?=(?!=)([^;]*);|\minto\s+(?:strict\s+)?(?:[\w."]+\s*,\s*)*new\s*\.\s*"?%1$s\M', lower(found.column_name)), 'g'
) as given (parts)
where not acting.tgisinternal
    and acting.tgtype & 2 = 2
    and not schema_fix.was_applied()
    and coalesce(btrim(given.parts[1]), '') !~ '^(coalesce\s*\(\s*new\s*\.\s*"?\w+"?\s*,\s*)?(\(\s*select\s+)?auth\s*\.\s*uid\s*\(|^null$|^(btrim|trim|nullif|left|regexp_replace)\s*\('
    and used.source !~ format('\mif\s+[^;]*\mnew\s*\.\s*"?%s"?\s*(=|<>|!=)', lower(found.column_name))
union all
-- Words of people and rooms.
select
    given.function_id,
    format('may write a value into %s.%I that the fix does not allow: let it write the fix''s words', given.table_id, given.column_name)
from schema_fix.words_given as given
where not schema_fix.was_applied()
    and not schema_fix.is_known_word(given.table_id, given.column_name, given.stands_for, given.value);

create view schema_fix.deletions_not_understood (function_id, words) as
-- Deletions.
select
    writing.function_id,
    format(
        'deletes from %s, which took nothing along from %s; with the fix what is in a room is deleted with it: delete those itself first',
        writing.table_id, kept.table_id
    )
from schema_fix.writes_of_functions as writing
join schema_fix.present_tables as kept
    on kept.generation = 'current'
    and kept.holds <> 'rooms'
where writing.table_name = 'chat_rooms'
    and writing.verb = 'delete from'
    and not exists (select from pg_constraint where contype = 'f' and conrelid = kept.table_id and confrelid = writing.table_id)
    and not exists (
        select
        from schema_fix.writes_of_functions as beside
        where beside.function_id = writing.function_id
            and beside.table_id = kept.table_id
            and beside.verb = 'delete from'
    )
union all
select writing.function_id, format('deletes every row of %s: say which in a where', writing.table_id)
from schema_fix.writes_of_functions as writing
where writing.verb = 'delete from'
    and schema_fix.outside_brackets(writing.rest, 0) !~ '\mwhere\M';
