--! Title: Ways into the quarantine for somebody who is neither superuser nor member of its owner, nor may read everything
with recursive
quarantine as (
    select c.oid, c.relnamespace, c.relowner, pg_catalog.format('%s.%s', n.nspname, c.relname) as name
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where c.oid = $1::pg_catalog.regclass
),

outsiders as (
    select r.oid, r.rolname
    from pg_catalog.pg_roles as r
    cross join quarantine as q
    where
        not r.rolsuper
        and r.rolname !~ '^pg_'
        and not pg_catalog.pg_has_role(r.oid, q.relowner, 'member')
        and not pg_catalog.pg_has_role(r.oid, 'pg_read_all_data', 'member')
),

-- The table, and the views through which it is read with their owners' rights.
doors as (
    select oid, relnamespace, 'the table' as what
    from quarantine
    union
    select v.oid, v.relnamespace, 'the view ' || v.oid::pg_catalog.regclass
    from doors as d
    inner join pg_catalog.pg_depend as p
        on p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and d.oid = p.refobjid
        and p.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
    inner join pg_catalog.pg_rewrite as r on p.objid = r.oid
    inner join pg_catalog.pg_class as v on r.ev_class = v.oid
    where v.relkind in ('v', 'm')
),

ways as (
    select o.rolname::text, d.what
    from doors as d
    cross join outsiders as o
    where
        -- Whoever has a privilege on the table itself lacks but one on its schema.
        (d.what = 'the table' or pg_catalog.has_schema_privilege(o.oid, d.relnamespace, 'usage'))
        and (
            pg_catalog.has_table_privilege(o.oid, d.oid, 'select, insert, update, delete, truncate, references, trigger')
            or pg_catalog.has_any_column_privilege(o.oid, d.oid, 'select, insert, update, references')
        )
    union
    -- A function with its owner's rights that names the table can be asked for its rows.
    select o.rolname::text, 'the function ' || f.oid::pg_catalog.regprocedure
    from pg_catalog.pg_proc as f
    cross join quarantine as q
    cross join outsiders as o
    where
        f.prosecdef
        and pg_catalog.pg_has_role(f.proowner, q.relowner, 'usage')
        and pg_catalog.strpos(pg_catalog.lower(f.prosrc), q.name) > 0
        and pg_catalog.has_function_privilege(o.oid, f.oid, 'execute')
        and pg_catalog.has_schema_privilege(o.oid, f.pronamespace, 'usage')
    union
    -- Whoever reads a parent reads its children with it.
    select 'whoever reads ' || i.inhparent::pg_catalog.regclass, 'the table, which is a child of it'
    from quarantine as q
    inner join pg_catalog.pg_inherits as i on q.oid = i.inhrelid
    union
    select 'subscribers', 'the publication ' || p.pubname
    from quarantine as q
    inner join pg_catalog.pg_publication_tables as t on q.name = t.schemaname || '.' || t.tablename
    -- One for all tables, whose being new is told of every other table, can leave none out.
    inner join pg_catalog.pg_publication as p on t.pubname = p.pubname and not p.puballtables
    union
    -- It may hand on what is put there.
    select 'whoever it hands rows on to', 'the trigger ' || t.tgname
    from quarantine as q
    inner join pg_catalog.pg_trigger as t on q.oid = t.tgrelid and not t.tgisinternal
    union
    select 'whoever it hands rows on to', 'the rule ' || r.rulename
    from quarantine as q
    inner join pg_catalog.pg_rewrite as r on q.oid = r.ev_class
)

select what, pg_catalog.string_agg(rolname, ', ' order by rolname) as roles
from ways
group by what
order by what
