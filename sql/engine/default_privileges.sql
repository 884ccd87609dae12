-- Default privileges, each as the statements that grant it and take it away again. Those for all schemas are told without what
-- Postgres itself gives: to the creator, and to everybody.
select
    pg_catalog.format('alter default privileges for role %I%s grant %s', a.role, a.within, a.what) as granted,
    pg_catalog.format('alter default privileges for role %I%s revoke %s', a.role, a.within, a.taken) as revoked
from (
    select
        pg_catalog.pg_get_userbyid(d.defaclrole) as role,
        case when n.nspname is not null then pg_catalog.format(' in schema %I', n.nspname) else '' end as within,
        pg_catalog.format(
            '%s on %s to %s%s', p.privileges, k.kinds, p.grantee, case when p.is_grantable then ' with grant option' else '' end
        ) as what,
        pg_catalog.format('%s on %s from %s', p.privileges, k.kinds, p.grantee) as taken
    from pg_catalog.pg_default_acl as d
    left join pg_catalog.pg_namespace as n on n.oid = d.defaclnamespace
    inner join (
        values ('r', 'tables'), ('S', 'sequences'), ('f', 'functions'), ('T', 'types'), ('n', 'schemas')
    ) as k (objtype, kinds) on k.objtype = d.defaclobjtype::text
    cross join lateral (
        select
            case when e.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(e.grantee)) end as grantee,
            e.is_grantable,
            pg_catalog.string_agg(pg_catalog.lower(e.privilege_type), ', ' order by e.privilege_type) as privileges
        from pg_catalog.aclexplode(d.defaclacl) as e
        where d.defaclnamespace <> 0 or e.grantee not in (0, d.defaclrole)
        group by e.grantee, e.is_grantable
    ) as p
) as a
order by 1;
