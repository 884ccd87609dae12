--! Title: The platform's accounts and the columns that are keyed to them; no row where the platform keeps none
select
    pg_catalog.format(
        'select %I::pg_catalog.text as id from %I.%I where %I is not null', a.attname, n.nspname, c.relname, a.attname
    ) as ids
from pg_catalog.pg_constraint as k
inner join pg_catalog.pg_class as c on k.conrelid = c.oid
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
inner join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = k.conkey[1]
where
    k.contype = 'f'
    and k.confrelid = pg_catalog.to_regclass('auth.users')
    and pg_catalog.cardinality(k.conkey) = 1
    and pg_catalog.has_schema_privilege(n.oid, 'usage')
    and pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')

union

select 'select id::pg_catalog.text as id from auth.users'
where
    pg_catalog.to_regclass('auth.users') is not null
    and pg_catalog.has_schema_privilege('auth', 'usage')
    and pg_catalog.has_table_privilege('auth.users', 'select')
