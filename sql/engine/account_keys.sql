-- Foreign keys of one column to the accounts of the platform, with the statement that makes the accounts they ask for.
select
    c.conname as name,
    c.conrelid::pg_catalog.regclass::text as table_name,
    n.nspname as schema,
    r.relname as relation,
    c.condeferrable as is_deferrable,
    pg_catalog.format(
        'insert into auth.users (%1$I) select distinct t.%2$I from %3$s as t where t.%2$I is not null '
        'and not exists (select from auth.users as u where u.%1$I = t.%2$I) on conflict do nothing',
        k.attname,
        a.attname,
        c.conrelid::pg_catalog.regclass
    ) as fill
from pg_catalog.pg_constraint as c
inner join pg_catalog.pg_class as r on r.oid = c.conrelid
inner join pg_catalog.pg_namespace as n on n.oid = r.relnamespace
inner join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
inner join pg_catalog.pg_attribute as k on k.attrelid = c.confrelid and k.attnum = c.confkey[1]
where
    c.contype = 'f'
    and c.confrelid = pg_catalog.to_regclass('auth.users')
    and pg_catalog.cardinality(c.conkey) = 1
    and n.nspname <> 'auth'
order by 2, 1;
