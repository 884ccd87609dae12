--! Title: Who holds a lock on one of the tables $1: other sessions, and prepared transactions, which have none
select
    l.pid,
    p.gid,
    coalesce(a.usename, p.owner)::text as "user",
    nullif(a.application_name, '') as application,
    a.state,
    a.backend_type as kind,
    pg_catalog.array_agg(distinct n.nspname || '.' || c.relname) as tables,
    pg_catalog.round(
        extract(epoch from pg_catalog.clock_timestamp() - coalesce(a.xact_start, p.prepared))
    )::int as seconds
from pg_catalog.pg_locks as l
inner join pg_catalog.pg_class as c on l.relation = c.oid
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
left join pg_catalog.pg_stat_activity as a on l.pid = a.pid
left join pg_catalog.pg_prepared_xacts as p on l.pid is null and l.virtualtransaction = '-1/' || p.transaction::text
where
    l.locktype = 'relation'
    and l.granted
    and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
    and l.pid is distinct from pg_catalog.pg_backend_pid()
    and n.nspname || '.' || c.relname = any($1::text[])
group by 1, 2, 3, 4, 5, 6, 8
order by seconds desc nulls last, l.pid
