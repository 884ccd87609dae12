--! Title: How many rows this transaction has inserted, updated or deleted so far, in anybody's table
select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::pg_catalog.int8 as rows_written
from pg_catalog.pg_stat_xact_user_tables
where schemaname !~ '^pg_(toast_)?temp_' and schemaname <> 'pg_toast'
