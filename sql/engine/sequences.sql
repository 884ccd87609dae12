--! Title: Every sequence that this role may read, and the step by which it counts
select
    pg_catalog.format('%s.%s', n.nspname, c.relname) as name,
    pg_catalog.format('%I.%I', n.nspname, c.relname) as relation,
    s.seqincrement::pg_catalog.text as step,
    case when s.seqincrement > 0 then s.seqmax else s.seqmin end::pg_catalog.text as last,
    -- Another where it was restarted.
    c.relfilenode::pg_catalog.text as file,
    -- That of the column that owns it, or that takes its numbers by default.
    (
        select o.nspname || '.' || r.relname
        from (
            select d.refobjid as relation
            from pg_catalog.pg_depend as d
            where
                d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.objsubid = 0
                and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
            union all
            select a.adrelid
            from pg_catalog.pg_depend as d
            inner join pg_catalog.pg_attrdef as a on d.objid = a.oid
            where
                d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
                and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid = c.oid
        ) as u
        inner join pg_catalog.pg_class as r on u.relation = r.oid
        inner join pg_catalog.pg_namespace as o on r.relnamespace = o.oid
        limit 1
    ) as table
from pg_catalog.pg_sequence as s
inner join pg_catalog.pg_class as c on s.seqrelid = c.oid
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
where
    n.nspname !~ '^pg_(toast_)?temp_'
    and n.nspname <> 'schema_fix'
    and pg_catalog.has_schema_privilege(n.oid, 'usage')
    and case when c.relkind = 'S' then pg_catalog.has_sequence_privilege(c.oid, 'select') end
