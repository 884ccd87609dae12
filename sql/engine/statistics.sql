--! Title: What the database's own statistics say: transactions, and the rows that were put into tables whose names are given
select
    d.xact_commit::float8 as commits,
    d.xact_rollback::float8 as rollbacks,
    (
        -- What this transaction has written is not in the statistics yet.
        select coalesce(pg_catalog.jsonb_object_agg(t.schemaname || '.' || t.relname, t.n_tup_ins + coalesce(x.n_tup_ins, 0)), '{}')
        from pg_catalog.pg_stat_user_tables as t
        left join pg_catalog.pg_stat_xact_user_tables as x on t.relid = x.relid
        where t.schemaname || '.' || t.relname = any($1::text[])
    ) as inserts
from pg_catalog.pg_stat_database as d
where d.datname = pg_catalog.current_database()
