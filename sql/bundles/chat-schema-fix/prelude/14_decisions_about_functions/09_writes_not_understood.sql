--! Title: What has to be decided about writes that the fix does not understand

-- Statements of which it cannot be told what they write, or where.
create view schema_fix.statements_not_understood (function_id, words) as
-- Views over the tables.
select used.function_id, format('writes %s through the view %s: write the table itself', present.table_id, view.oid::regclass)
from schema_fix.functions_in_use as used
cross join lateral schema_fix.writes_in(used.source) as written
join pg_class as view
    on view.oid = to_regclass(case when written.table_name ~ '\.' then written.table_name else 'public.' || written.table_name end)
    and view.relkind = 'v'
join schema_fix.present_tables as present
    on present.generation = 'current'
    and schema_fix.reads(view.oid, present.table_id)
where not schema_fix.was_applied()
union all
-- Statements that are built when they run, of a table that cannot be told, in a function that knows the chat's.
select used.function_id, format('has a statement that is built when it runs, and may write %s: write it out', present.table_id)
from schema_fix.functions_in_use as used
cross join lateral schema_fix.writes_in(used.source) as written
join schema_fix.present_tables as present
    on present.generation = 'current'
    and (
        used.source ~ format('\m%s\M', present.table_name)
        or exists (select from pg_trigger where tgrelid = present.table_id and tgfoid = used.called_id and not tgisinternal)
    )
where written.table_name is null
    and used.source ~ '\mexecute\M'
    and written.rest ~ '^ ?("?\w+"? ?\. ?)?"?(''|%|\|\||\$)'
    and not schema_fix.was_applied()
union all
-- Languages that the fix does not read.
select used.function_id, format('is written in %s and may write %s: write it in SQL or PL/pgSQL', language.lanname, present.table_id)
from schema_fix.functions_in_use as used
join pg_proc as routine
    on routine.oid = used.called_id
join pg_language as language
    on language.oid = routine.prolang
    and language.lanname not in ('sql', 'plpgsql')
join schema_fix.present_tables as present
    on present.generation = 'current'
    and used.source ~ format('\m%s\M', present.table_name)
where used.source ~ '\m(insert|update|delete|merge|truncate|upsert)\M'
    and not schema_fix.was_applied();

-- A function or a rule writes the chat's tables after the fix as before where every statement in it has a form that is known to mean the same.
-- Whatever else it writes is named here.
create view schema_fix.decisions_about_writes_not_understood (name, problem, may_be_acknowledged) as
-- mutant: what a function writes is not understood
select
    wrong.function_id::text,
    format('the function %s %s', wrong.function_id, string_agg(distinct wrong.words, '; and ')),
    true
from (
    table schema_fix.rows_not_understood
    union all
    table schema_fix.changes_not_understood
    union all
    table schema_fix.deletions_not_understood
    union all
    table schema_fix.statements_not_understood
) as wrong
group by wrong.function_id
union all
-- Rules that write them when something else is written.
select
    format('%s.%s', rule.ev_class::regclass, rule.rulename),
    format(
        'the rule %I on %s writes %s, in which the fix changes columns and words: let a trigger write it', rule.rulename, rule.ev_class::regclass,
        string_agg(distinct present.table_id::text, ', ')
    ),
    true
from pg_rewrite as rule
cross join lateral schema_fix.writes_in(regexp_replace(lower(pg_get_ruledef(rule.oid)), '^.*?\mdo\M( instead| also)?', ' ')) as written
join schema_fix.present_tables as present
    on present.table_name = written.table_name
    and present.generation = 'current'
where rule.ev_type <> '1'
    and rule.ev_enabled <> 'D'
    and not schema_fix.was_applied()
group by rule.ev_class, rule.rulename;
