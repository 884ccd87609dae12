--! Title: What kind of server, database and role a target is, one row; $1 the fix's tables, $2 the roles of its actors
with
ours as (
    select c.oid, c.relowner, n.nspname, n.nspname || '.' || c.relname as name
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where c.relkind in ('r', 'p') and n.nspname || '.' || c.relname = any($1::text[])
)

select
    current_user as role,
    session_user as login,
    (select r.rolsuper from pg_catalog.pg_roles as r where r.rolname = current_user) as "isSuperuser",
    -- The engine records what it replaces in a schema of its own, which somebody may have made for this role.
    pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create')
    or pg_catalog.to_regnamespace('schema_fix_history') is not null as "mayMakeSchemas",
    coalesce((
        select
            pg_catalog.sum(pg_catalog.pg_total_relation_size(o.oid) + (
                select coalesce(pg_catalog.sum(pg_catalog.pg_total_relation_size(p.relid)), 0)
                from pg_catalog.pg_partition_tree(o.oid) as p
                where p.isleaf and p.relid <> o.oid
            ))
        from ours as o
    ), 0)::text as bytes,
    array(
        select pg_catalog.format('%s (%s)', o.name, o.relowner::pg_catalog.regrole)
        from ours as o
        where not pg_catalog.pg_has_role(o.relowner, 'usage')
        order by o.name
    ) as "foreignTables",
    array(
        select distinct o.nspname::text
        from ours as o
        where not pg_catalog.has_schema_privilege(o.nspname, 'create')
        order by 1
    ) as "closedSchemas",
    array(
        select a.name
        from pg_catalog.unnest($2::text[]) as a (name)
        where not exists (select from pg_catalog.pg_roles as r where r.rolname = a.name)
        order by a.name
    ) as "absentRoles",
    array(
        select pg_catalog.format('%s: %s', k.conrelid::pg_catalog.regclass, pg_catalog.pg_get_constraintdef(k.oid))
        from pg_catalog.pg_constraint as k
        where k.contype = 'f' and k.conparentid = 0 and (k.conrelid in (select oid from ours) or k.confrelid in (select oid from ours))
        order by 1
    ) as keys,
    array(
        select distinct r.ev_class::pg_catalog.regclass::text
        from pg_catalog.pg_depend as d
        inner join pg_catalog.pg_rewrite as r on d.objid = r.oid
        where
            d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
            and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and d.refobjid in (select oid from ours)
            and r.ev_class not in (select oid from ours)
        order by 1
    ) as views,
    array(
        select pg_catalog.format('%s on %s', t.tgname, t.tgrelid::pg_catalog.regclass)
        from pg_catalog.pg_trigger as t
        where not t.tgisinternal and t.tgenabled <> 'D' and t.tgrelid in (select oid from ours)
        order by 1
    ) as triggers,
    array(
        select pg_catalog.format('%s on %s', p.polname, p.polrelid::pg_catalog.regclass)
        from pg_catalog.pg_policy as p
        where
            p.polrelid not in (select oid from ours)
            and exists (
                select
                from pg_catalog.pg_depend as d
                where
                    d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass
                    and d.objid = p.oid
                    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.refobjid in (select oid from ours)
            )
        order by 1
    ) as policies,
    array(
        select f.oid::pg_catalog.regprocedure::text
        from pg_catalog.pg_proc as f
        inner join pg_catalog.pg_namespace as n on f.pronamespace = n.oid
        where
            n.nspname not in ('pg_catalog', 'information_schema')
            and coalesce(pg_catalog.pg_get_function_sqlbody(f.oid), f.prosrc) ~ (
                select '\m(' || pg_catalog.string_agg(pg_catalog.regexp_replace(pg_catalog.split_part(o.name, '.', 2), '\W', '.', 'g'), '|') || ')\M'
                from ours as o
            )
            and not exists (
                select
                from pg_catalog.pg_depend as d
                where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = f.oid and d.deptype = 'e'
            )
        order by 1
    ) as functions,
    -- Of a column's type, an index's kind, a default: whatever the tables and their indexes need of an extension.
    array(
        select distinct pg_catalog.format('%s %s', x.extname, x.extversion)
        from pg_catalog.pg_depend as d
        inner join pg_catalog.pg_depend as m
            on d.refclassid = m.classid and d.refobjid = m.objid and m.deptype = 'e'
        inner join pg_catalog.pg_extension as x on m.refobjid = x.oid
        where
            d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and (
                d.objid in (select oid from ours)
                or d.objid in (select i.indexrelid from pg_catalog.pg_index as i where i.indrelid in (select oid from ours))
            )
            or d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
            and d.objid in (select a.oid from pg_catalog.pg_attrdef as a where a.adrelid in (select oid from ours))
        order by 1
    ) as extensions,
    array(
        select distinct p.pubname::text
        from pg_catalog.pg_publication_tables as p
        where p.schemaname || '.' || p.tablename in (select name from ours)
        order by 1
    ) as publications,
    array(
        select pg_catalog.format('%I (%s)', s.slot_name, case when s.active then 'active' else 'inactive' end)
        from pg_catalog.pg_replication_slots as s
        where s.database is null or s.database = pg_catalog.current_database()
        order by 1
    ) as slots
