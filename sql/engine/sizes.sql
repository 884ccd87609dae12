--! Title: What tables and their indexes take of the disk, of those whose names are given
select
    n.nspname || '.' || c.relname as name,
    pg_catalog.pg_table_size(c.oid)::float8 as rows,
    pg_catalog.pg_indexes_size(c.oid)::float8 as indexes
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
where c.relkind = 'r' and n.nspname || '.' || c.relname = any($1::text[])
order by 1
