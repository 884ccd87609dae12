--! Title: Tools that make a column what the application expects

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
