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

-- Whether a view reads with the rights of its owner. Postgres takes other words than true for true, and 14 knows no such option.
create function schema_fix.reads_for_its_owner(view oid) returns boolean
language sql
stable
return exists (
    select
    from pg_class
    where oid = view
        and relkind in ('v', 'm')
        and not exists (
            select
            from pg_options_to_table(reloptions)
            where case when option_name = 'security_invoker' then option_value::boolean end
        )
);

-- What Postgres knows to read a column of tables or views (`place`; 0 where it reads the table and no column): views and rules, policies,
-- functions whose body it has parsed, triggers with a condition, unique indexes with a predicate, and computed columns. `id` is the
-- reader's own, `relation_id` that of the table or view to which it belongs.
create function schema_fix.readers_of(tables oid[]) returns table (
    table_id oid, place integer, kind text, id oid, relation_id oid, name text, what text, source text
)
language sql
stable
as $$
    with reading as materialized (
        select refobjid as table_id, refobjsubid as place, classid, objid
        from pg_depend
        where refclassid = 'pg_class'::regclass
            and refobjid = any (tables)
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
    ) as reader
$$;

create view schema_fix.readers as
select * from schema_fix.readers_of(array(select table_id::oid from schema_fix.present_tables));
