--! Title: Locks of this transaction that make the application wait, on tables that were there before it
select
    pg_catalog.format('%I.%I', n.nspname, c.relname) as relation,
    l.mode
from pg_catalog.pg_locks as l
inner join pg_catalog.pg_class as c on l.relation = c.oid
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
where
    l.pid = pg_catalog.pg_backend_pid()
    and l.locktype = 'relation'
    and l.granted
    and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    and c.oid = any($1::pg_catalog.oid[])
order by 1, 2
