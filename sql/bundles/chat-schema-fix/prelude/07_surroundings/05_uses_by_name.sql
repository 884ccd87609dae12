--! Title: What uses a column by its name

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
                -- To whatever function; coalesce gives it back.
                regexp_replace(routine.prosrc, '\mcoalesce\s*\(\s*(new|old)\s*,\s*(new|old)\s*\)', 'new', 'gi') ~* '[(,]\s*(new|old)\s*(,|\)(?!\s*\.))'
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
