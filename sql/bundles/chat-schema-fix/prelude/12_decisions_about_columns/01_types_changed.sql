--! Title: Which columns get another type

-- Whether a column of JSON holds objects.
create function schema_fix.holds_objects(target regclass, column_name name) returns boolean
language plpgsql
stable
as $$
declare
    found boolean;
begin
    execute format('select exists (select from %s where left(btrim(%I::text), 1) = ''{'')', target, column_name) into found;
    return found;
end
$$;

-- The columns that get another type: those of the chat's tables, and what points at them by a key.
create view schema_fix.columns_that_change_type as
with own as (
    select present.table_id, present.table_name, attribute.attname as column_name, attribute.attnum as place, wanted.column_type
    from schema_fix.present_tables as present
    join schema_fix.columns as wanted
        on wanted.table_name = present.table_name
    cross join lateral unnest(schema_fix.columns_for(present.table_id, wanted.column_name)) as found (name)
    join pg_attribute as attribute
        on attribute.attrelid = present.table_id
        and attribute.attname = found.name
    join pg_type as type
        on type.oid = attribute.atttypid
        and type.oid <> wanted.column_type
    where not (present.table_name = 'chat_messages' and wanted.column_name = 'id' and type.typcategory = 'N')
)
select listed.table_id, listed.table_name, listed.column_name, listed.column_type, type.oid as old_type, type.typarray as array_type, type.typname, type.typcategory
from (
    select table_id, table_name, column_name, place, column_type
    from own
    union
    select key.conrelid::regclass, relation.relname, attribute.attname, attribute.attnum, own.column_type
    from own
    join pg_constraint as key
        on key.contype = 'f'
        and key.confrelid = own.table_id
        and key.confkey = array[own.place]
    join pg_class as relation
        on relation.oid = key.conrelid
    join pg_attribute as attribute
        on attribute.attrelid = key.conrelid
        and attribute.attnum = key.conkey[1]
) as listed
join pg_attribute as attribute
    on attribute.attrelid = listed.table_id
    and attribute.attnum = listed.place
join pg_type as type
    on type.oid = attribute.atttypid;
