--! Title: How many rows this transaction has inserted, updated or deleted so far, in anybody's table; what a materialized view is filled with follows from tables
select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::pg_catalog.int8 as rows_written
from pg_catalog.pg_stat_xact_user_tables
where
    schemaname !~ '^pg_(toast_)?temp_'
    and schemaname <> 'pg_toast'
    and relid not in (select c.oid from pg_catalog.pg_class as c where c.relkind = 'm')
