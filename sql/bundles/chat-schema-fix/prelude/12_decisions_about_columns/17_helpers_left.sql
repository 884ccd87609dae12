--! Title: What has to be decided about helpers that only old policies ask, and that stay

-- The policies go, and the helper compares a uuid with a text from then on, which Postgres does not: whoever calls it gets an error.
create view schema_fix.decisions_about_helpers_left (name, problem, may_be_acknowledged) as
-- mutant: a helper that only old policies ask is left behind broken, without a word
select
    routine.oid::regprocedure::text,
    format(
        'the function %s, which only old policies ask, compares %s with a text, and the fix makes a uuid of it: give the function a uuid (%s::text'
            ' compares with a text before and after), or acknowledge it, if nobody else calls it',
        routine.oid::regprocedure,
        string_agg(distinct format('%s.%I', changed.table_id, changed.column_name), ' and '),
        min(quote_ident(changed.column_name))
    ),
    true
from schema_fix.functions_called as said
join pg_proc as routine
    on routine.oid = said.caller_id
    and routine.prosqlbody is null
    and coalesce(routine.proallargtypes, routine.proargtypes::oid[]) && array['text'::regtype, 'varchar'::regtype]::oid[]
join schema_fix.columns_that_change_type as changed
    on changed.column_type = 'uuid'::regtype
    and changed.typcategory = 'S'
    and said.source ~ format('\m%s\M', changed.table_name)
    and said.source ~ format(
        '\m%1$s"?\s*(=|<>|!=)|(=|<>|!=)\s*("?\w+"?\s*\.\s*)?"?%1$s\M"?(?!\s*::)', lower(changed.column_name)
    )
where said.function_id = said.caller_id
    and not schema_fix.was_applied()
    and routine.oid in (select asked.function_id from schema_fix.texts_of_policies as asked)
    and routine.oid not in (select used.function_id from schema_fix.functions_in_use as used)
    and routine.oid not in (select going.function_id from schema_fix.functions_that_go as going)
    and routine.proname not in (select function_name from schema_fix.functions)
group by routine.oid;
