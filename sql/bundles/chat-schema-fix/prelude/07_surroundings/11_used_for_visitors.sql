--! Title: What is used on behalf of visitors who are not signed in

-- Policies, views, functions and triggers of a public page also ask about the chat. No policy lets a visitor see a row there, and no helper knows one;
-- but whoever may not even ask gets an error, whatever else the page would show.

-- Tables and views of others that visitors use, and how.
create view schema_fix.used_by_visitors as
select
    relation.oid as relation_id,
    relation.relkind,
    has_any_column_privilege('anon', relation.oid, 'select') as is_read,
    has_any_column_privilege('anon', relation.oid, 'insert, update') or has_table_privilege('anon', relation.oid, 'delete') as is_written
from pg_class as relation
where relation.relkind in ('r', 'p', 'v')
    and relation.relnamespace not in (
        'pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'schema_fix'::regnamespace
    )
    and relation.oid not in (select table_id from schema_fix.present_tables)
    and (
        not relation.relrowsecurity
        or exists (
            select
            from pg_policy as policy
            where policy.polrelid = relation.oid
                and policy.polpermissive
                and schema_fix.binds('anon', policy.polroles)
        )
    )
    and (
        has_any_column_privilege('anon', relation.oid, 'select, insert, update')
        or has_table_privilege('anon', relation.oid, 'delete')
    );

-- What Postgres evaluates for them there, and the functions that it calls, which they must be allowed to execute whoever owns the view.
create view schema_fix.evaluated_for_visitors as
select 'pg_policy'::regclass as catalog, policy.oid, true as is_as_caller
from pg_policy as policy
join schema_fix.used_by_visitors as used
    on used.relation_id = policy.polrelid
where schema_fix.binds('anon', policy.polroles)
union all
select 'pg_rewrite', rule.oid, not schema_fix.reads_for_its_owner(rule.ev_class)
from pg_rewrite as rule
join schema_fix.used_by_visitors as used
    on used.relation_id = rule.ev_class
    and used.relkind = 'v'
union all
select 'pg_attrdef', formula.oid, true
from pg_attrdef as formula
join schema_fix.used_by_visitors as used
    on used.relation_id = formula.adrelid
    and used.is_written
union all
select 'pg_constraint', rule.oid, true
from pg_constraint as rule
join schema_fix.used_by_visitors as used
    on used.relation_id = rule.conrelid
    and used.is_written
where rule.contype = 'c';

-- Functions that run as the visitor: those that they may call, and those of triggers.
create view schema_fix.functions_for_visitors as
select called.function_id, called.source
from schema_fix.functions_called as called
join pg_proc as routine
    on routine.oid = called.function_id
    and not routine.prosecdef
where called.caller_id = called.function_id
    and called.function_id not in (select gone.function_id from schema_fix.functions_that_go as gone)
    and case
        when routine.prorettype = 'trigger'::regtype then exists (
            select
            from pg_trigger as acting
            join schema_fix.used_by_visitors as used
                on used.relation_id = acting.tgrelid
                and used.is_written
            where acting.tgfoid = routine.oid
                and not acting.tgisinternal
                and acting.tgenabled in ('O', 'A')
        )
        else has_function_privilege('anon', routine.oid, 'execute')
    end;

-- Whether something of these reads a table of the chat, which visitors may read now. The API also follows a foreign key of a table that they read.
create function schema_fix.is_read_for_visitors(target regclass) returns boolean
language sql
stable
as $$
    select
        exists (
            select
            from pg_depend as reading
            join schema_fix.evaluated_for_visitors as evaluated
                on evaluated.catalog = reading.classid
                and evaluated.oid = reading.objid
                -- mutant: a public page that asks who is in a room is refused to visitors
                and evaluated.is_as_caller
            where reading.refclassid = 'pg_class'::regclass
                and reading.refobjid = target
        )
        or exists (
            select
            from schema_fix.functions_for_visitors as running
            join pg_class as relation
                on relation.oid = target
            where running.source ~ schema_fix.table_after('\mfrom|\mjoin', lower(relation.relname))
        )
        or exists (
            select
            from pg_constraint as key
            join schema_fix.used_by_visitors as used
                on used.relation_id = key.conrelid
                and used.is_read
            where key.contype = 'f'
                and key.confrelid = target
        )
$$;

-- Whether something of these calls a function, which visitors may execute now.
create function schema_fix.is_called_for_visitors(routine regprocedure) returns boolean
language sql
stable
as $$
    select
        has_function_privilege('anon', routine, 'execute')
        and (
            exists (
                select
                from pg_depend as calling
                join schema_fix.evaluated_for_visitors as evaluated
                    on evaluated.catalog = calling.classid
                    and evaluated.oid = calling.objid
                where calling.refclassid = 'pg_proc'::regclass
                    and calling.refobjid = routine
            )
            or exists (
                select
                from schema_fix.calls as calling
                join schema_fix.functions_for_visitors as running
                    on running.function_id = calling.caller_id
                where calling.callee_id = routine
            )
        )
$$;
