-- What the default privileges would have granted on the objects that came since the others were noted.
select
    pg_catalog.format('grant %s on %s %s to %s', pg_catalog.lower(e.privilege_type), o.kind, o.name, g.name) as statement
from (
    select
        c.oid,
        c.relowner as owner,
        c.relnamespace as namespace,
        case when c.relkind = 'S' then 'S' else 'r' end as objtype,
        case when c.relkind = 'S' then 'sequence' else 'table' end as kind,
        c.oid::pg_catalog.regclass::text as name
    from pg_catalog.pg_class as c
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    union all
    select p.oid, p.proowner, p.pronamespace, 'f', 'routine', p.oid::pg_catalog.regprocedure::text
    from pg_catalog.pg_proc as p
) as o
inner join pg_catalog.pg_default_acl as d
    on d.defaclrole = o.owner and d.defaclnamespace = o.namespace and d.defaclobjtype::text = o.objtype
cross join lateral pg_catalog.aclexplode(d.defaclacl) as e
cross join lateral (
    select case when e.grantee = 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(e.grantee)) end as name
) as g
where not exists (select from schema_fix_host.objects as known where known.oid = o.oid)
order by 1;
