--! Title: Tools that make a column what the application expects

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
                routine.prosrc ~* '\m(to_jsonb?|row_to_json|hstore|jsonb?_build_array)\s*\(\s*(new|old)\s*[,)]'
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
            where schema.nspname not in ('pg_catalog', 'information_schema', 'schema_fix')
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

-- Makes a column what the application expects. One that is there under an older name gets its name; where both are
-- there, the older fills the gaps of the wanted one and stays. The facts say which older name is tried first.
-- Returns the change of its type, with what waits for other columns, or nothing.
create function schema_fix.ensure_column(target regclass, wanted name, wanted_type regtype, wanted_default text) returns jsonb
language plpgsql
as $$
declare
    older_names name[] := array_remove(schema_fix.columns_for(target, wanted), wanted);
    older name;
    former name;
    found record;
    change jsonb := '[]';
    readable text;
    was_there constant boolean := schema_fix.has_column(target, wanted);
begin
    foreach older in array older_names loop
        if not schema_fix.has_column(target, wanted) and schema_fix.has_column(target, older) then
            execute format('alter table %s rename column %I to %I', target, older, wanted);
            former := older;
            raise notice '%: column % renamed to %', target, older, wanted;
        end if;
    end loop;

    if not schema_fix.has_column(target, wanted) then
        execute format('alter table %s add column %I %s', target, wanted, wanted_type);
        raise notice '%: column % added', target, wanted;
    end if;
    older_names := array_remove(older_names, former);

    select attribute.atttypid as type, type.typcategory as category, attribute.attgenerated <> '' as is_generated
    into found
    from pg_attribute as attribute
    join pg_type as type
        on type.oid = attribute.atttypid
    where attribute.attrelid = target
        and attribute.attname = wanted;
    if wanted_type = 'timestamptz'::regtype
        and (found.category not in ('D', 'S', 'N') or found.type in ('time'::regtype, 'timetz'::regtype))
    then
        raise exception 'cannot convert %.% from % to timestamptz', target, wanted, found.type
            using
                errcode = 'datatype_mismatch',
                hint = 'Change the type of that column to timestamptz; then run the fix again.';
    end if;
    if found.is_generated then
        execute format('alter table %s alter column %I drop expression', target, wanted);
    end if;
    if wanted = 'room_id' then
        perform schema_fix.prefer_known_rooms(target, older_names);
    end if;
    if found.type <> wanted_type then
        -- What cannot be read here may be in an older column: a sender's name here, and their id there.
        readable := (
            select format('coalesce(%s)', string_agg(
                schema_fix.conversion(target, source.name, wanted, wanted_type), ', ' order by source.place
            ))
            from unnest(array[wanted] || case when wanted_type = 'uuid'::regtype then older_names end) with ordinality as source (name, place)
        );
        if wanted_type = 'uuid'::regtype or (wanted_type = 'timestamptz'::regtype and found.category <> 'D') then
            perform schema_fix.quarantine_unreadable(target, wanted, wanted_type, readable);
        end if;
        change := schema_fix.change_type(
            target, wanted, wanted_type, schema_fix.conversion_template(target, wanted, wanted, wanted_type), readable
        );
    end if;

    foreach older in array older_names loop
        perform schema_fix.fill_empty_values(
            target, wanted, schema_fix.conversion(target, older, wanted, wanted_type)
        );
    end loop;

    -- Null may say that a message was never changed.
    if wanted_default is not null and not exists (
        select
        from pg_attribute
        where attrelid = target
            and attname = wanted
            and (atthasdef or attidentity <> '' or was_there and wanted = 'updated_at' and not attnotnull)
    ) then
        execute format('alter table %s alter column %I set default %s', target, wanted, wanted_default);
    end if;

    if former is not null and schema_fix.is_used_by_name(target, former) then
        insert into schema_fix.former_columns values (target, former, wanted);
    end if;
    return change;
end
$$;

-- A column that the application leaves out must not forbid its inserts, nor one that may be null (whatever its default)
-- a row without it.
create function schema_fix.relax_other_columns() returns void
language plpgsql
as $$
declare
    forbidding record;
begin
    for forbidding in
        select relation.oid::regclass as target, attribute.attname as column_name
        from schema_fix.tables
        join pg_class as relation
            on relation.oid = to_regclass('public.' || table_name)
        join pg_attribute as attribute
            on attribute.attrelid = relation.oid
            and attribute.attnum > 0
            and not attribute.attisdropped
            and attribute.attnotnull
        left join schema_fix.columns as known
            on known.table_name = tables.table_name
            and known.column_name = attribute.attname
        where tables.generation = 'current'
            and known.is_required is not true
            and (known.is_required is false or not attribute.atthasdef and attribute.attidentity = '')
            and not exists (
                select
                from pg_index
                where indrelid = relation.oid
                    and indisprimary
                    and attribute.attnum = any (indkey)
            )
    loop
        -- mutant: a column that the application does not fill stays required
        execute format('alter table %s alter column %I drop not null', forbidding.target, forbidding.column_name);
        raise notice '%.%: not null dropped; the application does not write this column', forbidding.target, forbidding.column_name;
    end loop;
end
$$;
