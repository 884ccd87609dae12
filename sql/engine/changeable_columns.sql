--! Title: Columns to which one of the roles $1 may give whatever value, as the rules of the table that say who may change a row do not ask for them
select
    n.nspname || '.' || c.relname || '.' || a.attname as name,
    pg_catalog.array_agg(g.rolname::text order by g.rolname) as roles
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
inner join pg_catalog.pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
inner join pg_catalog.pg_roles as g on g.rolname = any($1::text[])
where
    c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
    and pg_catalog.has_schema_privilege(g.oid, n.oid, 'usage')
    and pg_catalog.has_column_privilege(g.oid, c.oid, a.attnum, 'update')
    and (
        not c.relrowsecurity
        or (
            select
                coalesce(pg_catalog.bool_or(o.polpermissive and s.lets_in and not s.asks), false)
                and not coalesce(pg_catalog.bool_or(not o.polpermissive and (s.asks or not s.lets_in)), false)
            from pg_catalog.pg_policy as o
            cross join lateral (
                select
                    coalesce(pg_catalog.pg_get_expr(o.polqual, c.oid), 'true') <> 'false' as lets_in,
                    -- Of the row as it becomes.
                    a.attname::text = any(pg_catalog.regexp_split_to_array(
                        coalesce(pg_catalog.pg_get_expr(coalesce(o.polwithcheck, o.polqual), c.oid), ''), '[^A-Za-z0-9_]+'
                    )) as asks
            ) as s
            where
                o.polrelid = c.oid and o.polcmd::text in ('*', 'w')
                and exists (
                    select from pg_catalog.unnest(o.polroles) as m
                    where case when m = 0 then true else pg_catalog.pg_has_role(g.oid, m, 'usage') end
                )
        )
    )
    -- A trigger that speaks of it before the row is written may refuse it, which scenarios try.
    and not exists (
        select from pg_catalog.pg_trigger as t
        inner join pg_catalog.pg_proc as p on t.tgfoid = p.oid
        where
            t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled <> 'D' and t.tgtype & 18 = 18
            and a.attname::text = any(pg_catalog.regexp_split_to_array(p.prosrc, '[^A-Za-z0-9_]+'))
    )
group by 1
