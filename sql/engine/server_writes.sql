--! Title: How often this transaction has written what belongs to the whole server, where others may write meanwhile
select
    w.kind,
    (
        pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid)
        + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
        + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
    )::pg_catalog.text as written
from (values ('membership', 'pg_auth_members'), ('setting', 'pg_db_role_setting'), ('role', 'pg_authid')) as w (kind, catalog)
inner join pg_catalog.pg_class as c on w.catalog = c.relname
where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace
