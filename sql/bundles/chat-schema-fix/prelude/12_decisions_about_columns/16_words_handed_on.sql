--! Title: What has to be decided about words of an enumeration that a function hands on

-- Postgres makes a text of a word of an enumeration by itself, and no word of a text: what copies one into a table that keeps its type fails.
create view schema_fix.decisions_about_words_handed_on (name, problem, may_be_acknowledged) as
select distinct
    used.function_id::text,
    format(
        'the function %s writes %s.%I, which stays %s, and reads %s.%I, of which the fix makes a text: Postgres puts no text there: write %I::%s, which is'
            ' right today, too, or acknowledge it and change it together with the fix',
        used.function_id, other.attrelid::regclass, other.attname, changed.old_type::regtype, changed.table_id, changed.column_name,
        changed.column_name, changed.old_type::regtype
    ),
    true
from schema_fix.functions_in_use as used
join pg_proc as routine
    on routine.oid = used.called_id
    and routine.prosqlbody is null
join schema_fix.columns_that_change_type as changed
    on changed.typcategory = 'E'
    and changed.column_type = 'text'::regtype
    and used.source ~ format('\m%s\M', lower(changed.column_name))
    and (
        used.source ~ format('\m%s\M', changed.table_name)
        or exists (select from pg_trigger where tgrelid = changed.table_id and tgfoid = used.function_id and not tgisinternal)
    )
join pg_attribute as other
    on other.atttypid = changed.old_type
    and other.attnum > 0
    and not other.attisdropped
    and used.source ~ format('\m%s\M', lower(other.attname))
join pg_class as written
    on written.oid = other.attrelid
    and written.relkind in ('r', 'p')
    and used.source ~ format('\m(insert\s+into|update)\s+("?\w+"?\s*\.\s*)?"?%s\M', lower(written.relname))
where used.source !~ format('(::|\mas)\s*("?\w+"?\s*\.\s*)?"?%s\M', lower(changed.typname))
    and not exists (
        select
        from schema_fix.columns_that_change_type as likewise
        where likewise.table_id = other.attrelid
            and likewise.column_name = other.attname
    )
    and not schema_fix.was_applied();
