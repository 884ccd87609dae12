--! Title: What each role may do with each of the tables `$1`, whatever gives it that: the columns by privilege, and whether policies let it reach every row, some or none
select
    n.nspname || '.' || c.relname as relation,
    g.rolname as role,
    v.verb,
    pg_catalog.has_table_privilege(g.oid, c.oid, v.verb) as "hasAll",
    case
        when v.verb <> 'DELETE' then array(
            select a.attname::text
            from pg_catalog.pg_attribute as a
            where
                a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                and pg_catalog.has_column_privilege(g.oid, c.oid, a.attnum, v.verb)
        )
        else '{}'
    end as columns,
    case
        when not c.relrowsecurity or g.rolbypassrls or pg_catalog.pg_has_role(g.oid, c.relowner, 'usage') then 'every row'
        when p.lets_in and not p.keeps_out then 'some rows'
        else 'no row'
    end as rows
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
cross join pg_catalog.pg_roles as g
cross join (values ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) as v (verb, command)
cross join lateral (select pg_catalog.has_schema_privilege(g.oid, n.oid, 'usage') as may) as u
cross join lateral (
    select
        coalesce(pg_catalog.bool_or(o.polpermissive and said.condition <> 'false'), false) as lets_in,
        coalesce(pg_catalog.bool_or(not o.polpermissive and said.condition = 'false'), false) as keeps_out
    from pg_catalog.pg_policy as o
    cross join lateral (
        select
            coalesce(
                pg_catalog.pg_get_expr(case v.verb when 'INSERT' then coalesce(o.polwithcheck, o.polqual) else o.polqual end, c.oid), 'true'
            ) as condition
    ) as said
    where
        o.polrelid = c.oid and o.polcmd::text in ('*', v.command)
        and exists (
            select from pg_catalog.unnest(o.polroles) as m
            where case when m = 0 then true else pg_catalog.pg_has_role(g.oid, m, 'usage') end
        )
) as p
where
    n.nspname || '.' || c.relname = any($1::text[])
    and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and not g.rolsuper and g.rolname !~ '^(pg|schema_fix)_'
    -- Whoever may not has no line.
    and u.may
    and case
        when v.verb = 'DELETE' then pg_catalog.has_table_privilege(g.oid, c.oid, v.verb)
        else pg_catalog.has_any_column_privilege(g.oid, c.oid, v.verb)
    end
