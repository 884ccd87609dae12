--! Title: Who but its owner may do what with each table, sequence and schema, also where nobody of the API is concerned
with
objects as (
    select
        case c.relkind when 'S' then 'sequence' else 'table' end as kind,
        n.nspname || '.' || c.relname as name,
        0 as attnum,
        null::pg_catalog.name as "column",
        c.oid,
        c.relowner as owner,
        coalesce(
            c.relacl,
            pg_catalog.acldefault(case c.relkind when 'S' then 's' else 'r' end::pg_catalog."char", c.relowner)
        ) as acl
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')

    union all

    select 'table', n.nspname || '.' || c.relname, a.attnum, a.attname, c.oid, c.relowner, a.attacl
    from pg_catalog.pg_attribute as a
    inner join pg_catalog.pg_class as c on a.attrelid = c.oid
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where a.attacl is not null and not a.attisdropped

    union all

    select
        'schema', n.nspname, 0, null, n.oid, n.nspowner,
        coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))
    from pg_catalog.pg_namespace as n
)

select
    o.kind,
    o.name,
    o.attnum,
    o."column",
    coalesce(g.rolname, 'public') as grantee,
    -- null: of an object that is the owner's alone.
    a.privilege_type as privilege,
    exists (
        select
        from pg_catalog.pg_default_acl as d
        cross join lateral pg_catalog.aclexplode(d.defaclacl) as x
        where x.grantee = a.grantee and x.privilege_type = a.privilege_type
    ) as "isDefault",
    coalesce(s.shows, false) as shows
from objects as o
left join lateral (
    select x.*
    from pg_catalog.aclexplode(o.acl) as x
    left join pg_catalog.pg_roles as g on x.grantee = g.oid
    where
        x.grantee <> o.owner
        and (g.oid is null or not (g.rolsuper or g.rolbypassrls or pg_catalog.pg_has_role(g.oid, o.owner, 'usage')))
) as a on true
left join pg_catalog.pg_roles as g on a.grantee = g.oid
-- Whether it holds, or will hold, what was kept elsewhere, and shows it to the role: rows that are there, those of a table that
-- it is a part of, or those that a view asks with its owner's rights.
left join lateral (
    select
        case
            when c.relkind = 'v' then coalesce(
                (
                    select q.option_value::bool from pg_catalog.pg_options_to_table(c.reloptions) as q
                    where q.option_name = 'security_invoker'
                ),
                false
            ) is not true
            when c.relkind in ('m', 'f') then true
            when
                c.relrowsecurity and g.oid is not null
                and not exists (
                    select
                    from pg_catalog.pg_policy as p
                    cross join lateral pg_catalog.unnest(p.polroles) as m
                    where
                        p.polrelid = c.oid and p.polpermissive
                        and p.polcmd::text in (
                            '*', case a.privilege_type when 'SELECT' then 'r' when 'INSERT' then 'a' when 'UPDATE' then 'w' when 'DELETE' then 'd' end
                        )
                        and case when m = 0 then true else pg_catalog.pg_has_role(g.oid, m, 'usage') end
                )
                then false
            when exists (select from pg_catalog.pg_inherits as h where h.inhrelid = c.oid) then exists (
                select
                from pg_catalog.pg_inherits as h
                inner join pg_catalog.pg_class as p on h.inhparent = p.oid
                where
                    h.inhrelid = c.oid
                    and (
                        p.relrowsecurity
                        or g.oid is null
                        or not pg_catalog.has_table_privilege(g.oid, p.oid, a.privilege_type)
                    )
            )
            else pg_catalog.pg_relation_size(c.oid) > 0
        end as shows
    from pg_catalog.pg_class as c
    where o.kind = 'table' and c.oid = o.oid and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
) as s on true
where o.name !~ '^(pg_|information_schema)'
