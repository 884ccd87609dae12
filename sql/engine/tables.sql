--! Title: The tables of everybody but the system, which a transaction is about to touch
select c.oid
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
where
    c.relkind in ('r', 'p')
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'schema_fix')
    and n.nspname !~ '^pg_(toast_)?temp_'
