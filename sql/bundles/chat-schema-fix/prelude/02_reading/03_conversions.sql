--! Title: Tools that read a column as the type of another

-- How a column of a type is read as the type of the column that it stands for: an expression with %1$I for its name.
create function schema_fix.conversion_from(type_id oid, wanted name, wanted_type regtype) returns text
language sql
stable
as $$
    select case
        when wanted_type = 'uuid'::regtype and oid = wanted_type then '%1$I'
        when wanted_type = 'uuid'::regtype and wanted in ('id', 'room_id') then 'schema_fix.room_uuid(%1$I::text)'
        when wanted_type = 'uuid'::regtype then 'schema_fix.user_uuid(%1$I::text)'
        when wanted_type = 'timestamptz'::regtype and (typcategory <> 'D' or typname in ('time', 'timetz')) then 'schema_fix.time_of(%1$I::text)'
        -- What the application wrote there was a string to it, and is read as the same.
        when wanted_type = 'text'::regtype and typname = 'json' then 'schema_fix.text_of_json(%1$I)'
        when wanted_type = 'text'::regtype and typname = 'jsonb' then 'coalesce(%1$I #>> ''{}'', %1$I::text)'
        else '%1$I::' || wanted_type
    end
    from pg_type
    where oid = type_id
$$;

-- The same for a column of a table.
create function schema_fix.conversion_template(target regclass, source name, wanted name, wanted_type regtype) returns text
language sql
stable
as $$
    select schema_fix.conversion_from(atttypid, wanted, wanted_type)
    from pg_attribute
    where attrelid = target
        and attname = source
$$;

-- The expression itself.
create function schema_fix.conversion(target regclass, source name, wanted name, wanted_type regtype) returns text
language sql
stable
as $$
    select format(schema_fix.conversion_template(target, source, wanted, wanted_type), source)
$$;

-- A condition that the keys of a table let a value into one of its columns. Where the other table does not show us its
-- rows, the key itself has to say no: to us everybody would be unknown.
create function schema_fix.passes_foreign_keys(target regclass, column_name name, value text) returns text
language sql
stable
as $$
    select coalesce(
        string_agg(
            case
                when row_security_active(key.confrelid) or not has_column_privilege(key.confrelid, parent.attnum, 'select')
                    then 'true'
                else format(
                    'exists (select from %s as known where known.%I = %s)', key.confrelid::regclass, parent.attname, value
                )
            end,
            ' and '
        ),
        'true'
    )
    from pg_constraint as key
    join pg_attribute as child
        on child.attrelid = key.conrelid
        and key.conkey = array[child.attnum]
    join pg_attribute as parent
        on parent.attrelid = key.confrelid
        and key.confkey = array[parent.attnum]
    where key.conrelid = target
        and key.contype = 'f'
        and child.attname = column_name
$$;

-- Now, if a column demands a time; else null.
create function schema_fix.time_if_required(target regclass, wanted name) returns timestamptz
language sql
stable
as $$
    select case when attnotnull then now() end from pg_attribute where attrelid = target and attname = wanted
$$;
