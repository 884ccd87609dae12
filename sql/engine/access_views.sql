--! Title: Views that read with their owner's rights and hide rows by a condition, without a barrier: for each role of the API that may read one, whether a table with row level security stands behind it
with recursive
reads as (
    select w.ev_class as shown, d.refobjid as relation
    from pg_catalog.pg_rewrite as w
    inner join pg_catalog.pg_depend as d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and w.oid = d.objid
    where w.rulename = '_RETURN' and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid <> w.ev_class

    union

    select r.shown, d.refobjid
    from reads as r
    inner join pg_catalog.pg_rewrite as w on r.relation = w.ev_class and w.rulename = '_RETURN'
    inner join pg_catalog.pg_depend as d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and w.oid = d.objid
    where d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid <> w.ev_class
)

select
    n.nspname || '.' || c.relname as name,
    g.rolname as role,
    exists (
        select
        from reads as r
        inner join pg_catalog.pg_class as t on r.relation = t.oid
        where r.shown = c.oid and t.relrowsecurity
    ) as "isOverGuarded"
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
inner join pg_catalog.pg_rewrite as w on c.oid = w.ev_class and w.rulename = '_RETURN'
inner join pg_catalog.pg_roles as g on g.rolname = any($1::pg_catalog.text[])
cross join lateral (
    select coalesce(pg_catalog.array_agg(o.option_name) filter (
        where case when o.option_name in ('security_barrier', 'security_invoker') then o.option_value::pg_catalog.bool end
    ), '{}') as options
    from pg_catalog.pg_options_to_table(c.reloptions) as o
) as o
where
    c.relkind = 'v'
    and w.ev_action::text ~ ':quals \{'
    and not o.options && array['security_barrier', 'security_invoker']
    and n.nspname not in ('pg_catalog', 'information_schema')
    and pg_catalog.has_schema_privilege(g.oid, n.oid, 'usage')
    and pg_catalog.has_any_column_privilege(g.oid, c.oid, 'select')
    and not exists (
        select from pg_catalog.pg_depend as e
        where e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.objid = c.oid and e.deptype = 'e'
    )
order by name, role
