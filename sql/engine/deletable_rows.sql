--! Title: Tables of which one of the roles $1 may delete rows, as no rule for it reads other rows, and the columns by which the rules say whose they are
with
rules as (
    select
        o.polrelid, o.polroles, o.polpermissive,
        pg_catalog.pg_get_expr(o.polqual, o.polrelid) as said,
        o.polqual::text ~ ':rtekind 0'
        or exists (
            select from pg_catalog.regexp_matches(o.polqual::text, ':funcid (\d+)', 'g') as m (found)
            inner join pg_catalog.pg_proc as p on m.found[1]::pg_catalog.oid = p.oid
            where pg_catalog.concat(p.prosrc, pg_catalog.to_jsonb(p) ->> 'prosqlbody') ~* '\mfrom\M|:rtekind 0'
        ) as reads_rows
    from pg_catalog.pg_policy as o
    where o.polcmd::text in ('*', 'd')
),

deletable as (
    select n.nspname || '.' || c.relname as name, c.oid, g.rolname, case when c.relrowsecurity then o.said end as said
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    inner join pg_catalog.pg_roles as g on g.rolname = any($1::text[])
    left join rules as o
        on
            c.relrowsecurity and o.polrelid = c.oid
            and exists (
                select from pg_catalog.unnest(o.polroles) as m
                where case when m = 0 then true else pg_catalog.pg_has_role(g.oid, m, 'usage') end
            )
    where
        c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
        and pg_catalog.has_schema_privilege(g.oid, n.oid, 'usage')
        and pg_catalog.has_table_privilege(g.oid, c.oid, 'delete')
        and (not c.relrowsecurity or (o.polpermissive and not o.reads_rows and coalesce(o.said, 'true') <> 'false'))
        -- One that restricts may ask whatever it likes.
        and not exists (select from rules as r where c.relrowsecurity and r.polrelid = c.oid and not r.polpermissive)
)

select
    d.name,
    pg_catalog.array_agg(distinct d.rolname::text order by d.rolname::text) as roles,
    -- None: whichever they like.
    array(
        select a.attname::text
        from pg_catalog.pg_attribute as a
        where
            a.attrelid = d.oid and a.attnum > 0 and not a.attisdropped
            and exists (
                select from deletable as e
                where e.oid = d.oid and a.attname::text = any(pg_catalog.regexp_split_to_array(e.said, '[^A-Za-z0-9_]+'))
            )
    ) as asked
from deletable as d
-- A trigger before it may refuse it, which scenarios try.
where not exists (
    select from pg_catalog.pg_trigger as t where t.tgrelid = d.oid and not t.tgisinternal and t.tgenabled <> 'D' and t.tgtype & 10 = 10
)
group by d.name, d.oid
