--! Title: What has to be decided about values that were taken back, and that an older column holds still

-- Where two columns stand for one, the older fills what is empty. Somebody may have emptied the other: a message that was withdrawn, of which
-- moderators keep the words.

-- How many rows have nothing in a column and something in another, and meet a condition.
create function schema_fix.rows_to_be_filled(target regclass, column_name name, others name[], condition text) returns bigint
language plpgsql
stable
as $$
declare
    counted bigint;
begin
    execute format(
        'select count(*) from %s where coalesce(btrim(%I::text), '''') = '''' and btrim(concat(%s)) <> '''' and (%s)',
        target, column_name, (select string_agg(format('%I::text', other), ', ') from unnest(others) as other), condition
    )
    into counted;
    return counted;
end
$$;

-- What says of a row that it was taken back, by its name: yes, a time, or a word.
create view schema_fix.marks_of_withdrawal as
select
    present.table_id,
    attribute.attname as column_name,
    case
        when type.typcategory = 'B' then format('%I', attribute.attname)
        when type.typcategory = 'D' then format('%I is not null', attribute.attname)
        else format('%I::text ~* %L', attribute.attname, withdrawn.words)
    end as is_set
from schema_fix.present_tables as present
cross join (values ('(delet|remov|recall|withdr|retract|unsen[dt]|redact|hidden|revok|eras|wiped|censor|moderat)')) as withdrawn (words)
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
join pg_type as type
    on type.oid = attribute.atttypid
where present.table_name = 'chat_messages'
    and case
        when type.typcategory in ('B', 'D') then attribute.attname ~* withdrawn.words
        when type.typcategory in ('E', 'S') then attribute.attname ~* '(status|state|kind|type)'
        else false
    end
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = present.table_id);

create view schema_fix.decisions_about_what_was_taken_back (name, problem, may_be_acknowledged) as
select
    format('%s.%I', emptied.table_id, emptied.names[1]),
    format(
        '%s: with the fix %s fills what is empty in %I, and what was taken back would be there again: move it to a table of its own',
        string_agg(evidence.said, ' and ' order by evidence.said),
        (select string_agg(quote_ident(other), ', ') from unnest(emptied.names[2:]) as other),
        emptied.names[1]
    ),
    true
from (
    select present.table_id, fact.column_name, schema_fix.columns_for(present.table_id, fact.column_name) as names
    from schema_fix.present_tables as present
    join (values ('chat_messages', 'content'), ('chat_messages', 'sender'), ('chat_rooms', 'title'), ('chat_rooms', 'created_by'))
        as fact (table_name, column_name)
        using (table_name)
) as emptied
cross join lateral (
    -- mutant: what a function took back is there again
    select format('the function %s empties %s.%I in %s rows', used.function_id, emptied.table_id, emptied.names[1], counted) as said
    from schema_fix.functions_in_use as used
    cross join schema_fix.rows_to_be_filled(emptied.table_id, emptied.names[1], emptied.names[2:], 'true') as counted
    where counted > 0
        and (
            used.source_with_constants ~ format('\mnew\.%s"?\s*:?=\s*(null\M|''''(?!''))', lower(emptied.names[1]))
            or used.source_with_constants ~ format('\m%s"?\s*:?=\s*(null\M|''''(?!''))', lower(emptied.names[1]))
                and exists (
                    select
                    from schema_fix.writes_of_functions as writing
                    cross join lateral schema_fix.columns_set(writing.verb, writing.rest) as assigned
                    where writing.function_id = used.function_id
                        and writing.called_id = used.called_id
                        and writing.table_id = emptied.table_id
                        and assigned.column_name = lower(emptied.names[1])
                        and (assigned.value = '' or assigned.value ~ '^null\M')
                )
        )
    union
    -- mutant: a message that was taken back says it again
    select format('%s rows of %s are empty and %I says that they were taken back', counted, emptied.table_id, mark.column_name)
    from schema_fix.marks_of_withdrawal as mark
    cross join schema_fix.rows_to_be_filled(emptied.table_id, emptied.names[1], emptied.names[2:], mark.is_set) as counted
    where emptied.column_name = 'content'
        and mark.table_id = emptied.table_id
        and counted > 0
) as evidence
where cardinality(emptied.names) > 1
    and not schema_fix.was_applied()
group by emptied.table_id, emptied.names;
