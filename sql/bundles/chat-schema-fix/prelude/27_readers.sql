--! Title: Who reads a table

-- Whether a view reads a table, also through other views.
create function schema_fix.reads(target regclass, wanted regclass) returns boolean
language sql
stable
as $$
    with recursive reached (oid) as (
        select target::oid
        union
        select dependency.refobjid
        from reached
        join pg_rewrite as rule
            on rule.ev_class = reached.oid
        join pg_depend as dependency
            on dependency.classid = 'pg_rewrite'::regclass
            and dependency.objid = rule.oid
            and dependency.refclassid = 'pg_class'::regclass
    )
    select exists (select from reached where oid = wanted)
$$;

-- Whether it reads a table of the chat.
create function schema_fix.reads_the_chat(target regclass) returns boolean
language sql
stable
return exists (select from schema_fix.present_tables where schema_fix.reads(target, table_id));

-- Whether a view reads with the rights of its owner.
create function schema_fix.reads_for_its_owner(view oid) returns boolean
language sql
stable
return exists (
    select
    from pg_class
    where oid = view
        and relkind in ('v', 'm')
        and not coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on,security_invoker=1}'
);

-- What Postgres knows to read a column of the chat's tables (`place`; 0 where it reads the table and no column): views and rules, policies,
-- functions whose body it has parsed, triggers with a condition, unique indexes with a predicate, and computed columns. `id` is the
-- reader's own, `relation_id` that of the table or view to which it belongs.
create view schema_fix.readers as
with reading as materialized (
    select refobjid as table_id, refobjsubid as place, classid, objid
    from pg_depend
    where refclassid = 'pg_class'::regclass
        and refobjid in (select table_id from schema_fix.present_tables)
)
select reading.table_id, reading.place, reader.*
from reading
cross join lateral (
    select
        case when relation.relkind in ('v', 'm') then 'view' else 'rule' end as kind,
        rule.oid as id,
        rule.ev_class as relation_id,
        rule.ev_class::regclass::text as name,
        case rule.rulename when '_RETURN' then 'view ' else format('rule %I on ', rule.rulename) end || rule.ev_class::regclass as what,
        pg_get_ruledef(rule.oid) as source
    from pg_rewrite as rule
    join pg_class as relation
        on relation.oid = rule.ev_class
        and relation.relnamespace not in (select oid from pg_namespace where nspname in ('schema_fix', 'chat_access'))
    where reading.classid = 'pg_rewrite'::regclass
        and rule.oid = reading.objid
    union all
    select
        'policy',
        policy.oid,
        policy.polrelid,
        format('%s.%s', policy.polrelid::regclass, policy.polname),
        format('policy %I on %s', policy.polname, policy.polrelid::regclass),
        concat_ws(' ', pg_get_expr(policy.polqual, policy.polrelid), pg_get_expr(policy.polwithcheck, policy.polrelid))
    from pg_policy as policy
    where reading.classid = 'pg_policy'::regclass
        and policy.oid = reading.objid
    union all
    select
        'function',
        routine.oid,
        null,
        routine.oid::regprocedure::text,
        format('function %s', routine.oid::regprocedure),
        pg_get_function_sqlbody(routine.oid)
    from pg_proc as routine
    where reading.classid = 'pg_proc'::regclass
        and routine.oid = reading.objid
    union all
    select
        'trigger',
        trigger.oid,
        trigger.tgrelid,
        format('%s.%s', trigger.tgrelid::regclass, trigger.tgname),
        format('trigger %I on %s', trigger.tgname, trigger.tgrelid::regclass),
        pg_get_triggerdef(trigger.oid)
    from pg_trigger as trigger
    where reading.classid = 'pg_trigger'::regclass
        and trigger.oid = reading.objid
        and trigger.tgqual is not null
    union all
    select
        'index',
        index.indexrelid,
        index.indrelid,
        index.indexrelid::regclass::text,
        format('unique index %s', index.indexrelid::regclass),
        pg_get_expr(index.indpred, index.indrelid)
    from pg_index as index
    where reading.classid = 'pg_class'::regclass
        and index.indexrelid = reading.objid
        and index.indisunique
        and index.indpred is not null
    union all
    select
        'column',
        formula.oid,
        formula.adrelid,
        format('%s.%s', formula.adrelid::regclass, attribute.attname),
        format('computed column %s.%I', formula.adrelid::regclass, attribute.attname),
        pg_get_expr(formula.adbin, formula.adrelid)
    from pg_attrdef as formula
    join pg_attribute as attribute
        on attribute.attrelid = formula.adrelid
        and attribute.attnum = formula.adnum
        and attribute.attgenerated <> ''
    where reading.classid = 'pg_attrdef'::regclass
        and formula.oid = reading.objid
        or reading.classid = 'pg_class'::regclass
        and reading.objid = reading.table_id
        and formula.adrelid = reading.table_id
) as reader;

-- A pattern for what makes rows of JSON, or JSON of rows.
create function schema_fix.rows_as_json() returns text
language sql
immutable
return '\m(jsonb?_populate_record(set)?\M|jsonb?_to_record(set)?\M|(to_jsonb?|row_to_json|jsonb?_agg|hstore)\s*\(\s*"?\w+"?(\.\*)?[\s,)])';

-- Whether something of the project names a column in a text, or makes or hands on whole rows of its table: a view follows a renamed
-- column; a trigger's `new.column` does not, and would refuse every insert, nor does a key of JSON.
create function schema_fix.is_used_by_name(target regclass, column_name name) returns boolean
language sql
stable
as $$
    select exists (
        -- A trigger that hands on the whole row, to an audit or a webhook, or is told the name of the column.
        select
        from pg_trigger
        join pg_proc as routine
            on routine.oid = tgfoid
        where tgrelid = target
            and not tgisinternal
            and (
                routine.prosrc ~* '\m(to_jsonb?|row_to_json|hstore)\s*\(\s*(new|old)\s*[,)]'
                or routine.prosrc ~* '\mjsonb?_build_(array|object)\s*\([^;]*\m(new|old)\s*[,)]'
                or routine.prosrc ~* '\m(new|old)\s*::'
                or routine.pronamespace::regnamespace::text = 'supabase_functions'
                -- mutant: a trigger that is told the name of a column finds none
                or lower(column_name) = any (string_to_array(lower(encode(tgargs, 'escape')), '\000'))
            )
    ) or exists (
        -- Materialized: to search the texts of all functions and views of the server first takes a hundred times as long.
        with routines as materialized (
            select routine.*
            from pg_proc as routine
            join pg_namespace as schema
                on schema.oid = routine.pronamespace
            where (
                    schema.nspname not in ('pg_catalog', 'information_schema', 'schema_fix')
                    or routine.oid in (select function_id from schema_fix.jobs)
                )
                and routine.proname not in (select function_name from schema_fix.functions)
        )
        select
        from routines as routine
        where (
                exists (select from pg_trigger where tgrelid = target and tgfoid = routine.oid)
                or routine.prosrc ~* (
                    '\m' || (select relname from pg_class where oid = target) || '\M'
                )
                or (select reltype from pg_class where oid = target)
                    = any (coalesce(routine.proallargtypes, routine.proargtypes::oid[]) || routine.prorettype)
            )
            and (
                routine.prosrc ~* ('\m' || column_name || '\M')
                or routine.prosrc ~* schema_fix.rows_as_json()
                -- Who calls it is given the rows, with the names of their columns.
                or (select reltype from pg_class where oid = target) in (
                    select routine.prorettype
                    union all
                    select argument.type
                    from unnest(routine.proallargtypes) with ordinality as argument (type, place)
                    where routine.proargmodes[argument.place] <> 'i'
                )
            )
    ) or exists (
        with rules as materialized (
            select rule.oid
            from pg_depend as reading
            join pg_rewrite as rule
                on rule.oid = reading.objid
            where reading.classid = 'pg_rewrite'::regclass
                and reading.refclassid = 'pg_class'::regclass
                and reading.refobjid = target
                and rule.ev_class <> target
        )
        select
        from rules
        where pg_get_ruledef(rules.oid) ~* schema_fix.rows_as_json()
    )
$$;
