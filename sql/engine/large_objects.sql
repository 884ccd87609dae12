--! Title: How often this transaction has written a large object
select
    pg_catalog.sum(
        pg_catalog.pg_stat_get_xact_tuples_inserted(oid)
        + pg_catalog.pg_stat_get_xact_tuples_updated(oid)
        + pg_catalog.pg_stat_get_xact_tuples_deleted(oid)
    )::pg_catalog.text as written
from pg_catalog.pg_class
where relnamespace = 'pg_catalog'::pg_catalog.regnamespace and relname in ('pg_largeobject', 'pg_largeobject_metadata')
