--! Title: Who but its owner may do what with each table, sequence and schema, also where nobody of the API is concerned
with
objects as (
    select
        case c.relkind when 'S' then 'sequence' else 'table' end as kind,
        n.nspname || '.' || c.relname as name,
        0 as attnum,
        null::pg_catalog.name as "column",
        c.relowner as owner,
        coalesce(
            c.relacl,
            pg_catalog.acldefault(case c.relkind when 'S' then 's' else 'r' end::pg_catalog."char", c.relowner)
        ) as acl
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')

    union all

    select 'table', n.nspname || '.' || c.relname, a.attnum, a.attname, c.relowner, a.attacl
    from pg_catalog.pg_attribute as a
    inner join pg_catalog.pg_class as c on a.attrelid = c.oid
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where a.attacl is not null and not a.attisdropped

    union all

    select
        'schema', n.nspname, 0, null, n.nspowner,
        coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))
    from pg_catalog.pg_namespace as n
)

select
    o.kind,
    o.name,
    o.attnum,
    o."column",
    coalesce(g.rolname, 'public') as grantee,
    a.privilege_type as privilege,
    exists (
        select
        from pg_catalog.pg_default_acl as d
        cross join lateral pg_catalog.aclexplode(d.defaclacl) as x
        where x.grantee = a.grantee and x.privilege_type = a.privilege_type
    ) as "isDefault"
from objects as o
cross join lateral pg_catalog.aclexplode(o.acl) as a
left join pg_catalog.pg_roles as g on a.grantee = g.oid
where
    o.name !~ '^(pg_|information_schema)'
    and a.grantee <> o.owner
    and (g.oid is null or not (g.rolsuper or g.rolbypassrls or pg_catalog.pg_has_role(g.oid, o.owner, 'usage')))
