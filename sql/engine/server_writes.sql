--! Title: How often this transaction has written what belongs to the whole server, where others may write meanwhile: by the kind of object that tells it, else by its catalog
select
    coalesce(w.kind, c.relname) as kind,
    (
        pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid)
        + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
        + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
    )::pg_catalog.text as written
from pg_catalog.pg_class as c
left join (
    values
    ('membership', 'pg_auth_members'), ('setting', 'pg_db_role_setting'), ('role', 'pg_authid'), ('comment on role', 'pg_shdescription'),
    ('comment on database', 'pg_shdescription'), ('security label of role', 'pg_shseclabel'), ('security label of database', 'pg_shseclabel')
) as w (kind, catalog)
    on c.relname = w.catalog
where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and c.relkind = 'r' and c.relisshared

union all

-- Of those that were there before.
select 'role that was there', pg_catalog.pg_stat_get_xact_tuples_updated('pg_catalog.pg_authid'::pg_catalog.regclass)::pg_catalog.text

union all

-- Its options are shown to few.
select
    'user mapping',
    (
        pg_catalog.pg_stat_get_xact_tuples_inserted('pg_catalog.pg_user_mapping'::pg_catalog.regclass)
        + pg_catalog.pg_stat_get_xact_tuples_updated('pg_catalog.pg_user_mapping'::pg_catalog.regclass)
        + pg_catalog.pg_stat_get_xact_tuples_deleted('pg_catalog.pg_user_mapping'::pg_catalog.regclass)
    )::pg_catalog.text
