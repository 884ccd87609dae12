--! Title: What else is asked, as the server notes it, wherever an object is: functions, operators, types, relations and their columns, by the names that reports give them
with
schemas as (
    select oid, nspname
    from pg_catalog.pg_namespace
    where nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'schema_fix') and nspname !~ '^pg_(toast_)?temp_'
),

asked as (
    select 'pg_catalog.pg_proc'::pg_catalog.regclass as classid, p.oid, 0 as number, 'function ' || s.nspname || '.' || p.proname as name
    from pg_catalog.pg_proc as p
    inner join schemas as s on p.pronamespace = s.oid

    union all

    select 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 0, 'relation ' || s.nspname || '.' || c.relname
    from pg_catalog.pg_class as c
    inner join schemas as s on c.relnamespace = s.oid
    where c.relkind in ('r', 'p', 'v', 'm', 'f')

    union all

    select 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, k.attnum, 'column ' || s.nspname || '.' || c.relname || '.' || k.attname
    from pg_catalog.pg_class as c
    inner join schemas as s on c.relnamespace = s.oid
    inner join pg_catalog.pg_attribute as k on c.oid = k.attrelid
    where c.relkind in ('r', 'p') and k.attnum > 0 and not k.attisdropped

    union all

    -- Arrays of it and the like are made with it.
    select 'pg_catalog.pg_type'::pg_catalog.regclass, a.oid, 0, 'type ' || s.nspname || '.' || t.typname
    from pg_catalog.pg_type as t
    inner join schemas as s on t.typnamespace = s.oid
    cross join lateral (
        select t.oid
        union all
        select d.objid
        from pg_catalog.pg_depend as d
        where
            d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.refclassid = d.classid and d.refobjid = t.oid
            and d.deptype = 'i'
    ) as a

    union all

    select 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oid, 0, 'operator ' || s.nspname || '.' || o.oprname
    from pg_catalog.pg_operator as o
    inner join schemas as s on o.oprnamespace = s.oid

    union all

    select 'pg_catalog.pg_opclass'::pg_catalog.regclass, o.oid, 0, pg_catalog.format('operator class %s.%s for %s', s.nspname, o.opcname, a.amname)
    from pg_catalog.pg_opclass as o
    inner join schemas as s on o.opcnamespace = s.oid
    inner join pg_catalog.pg_am as a on o.opcmethod = a.oid
),

asking as (
    select 'policy' as kind, p.polname::text as name, p.polrelid as relid, 'pg_catalog.pg_policy'::pg_catalog.regclass as classid, p.oid
    from pg_catalog.pg_policy as p

    union all

    select
        case when w.rulename = '_RETURN' then 'view' else 'rule' end, case when w.rulename <> '_RETURN' then w.rulename::text end,
        w.ev_class, 'pg_catalog.pg_rewrite'::pg_catalog.regclass, w.oid
    from pg_catalog.pg_rewrite as w

    union all

    select
        case when a.attgenerated = '' then 'default' else 'generated column' end, a.attname, d.adrelid,
        'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid
    from pg_catalog.pg_attrdef as d
    inner join pg_catalog.pg_attribute as a on d.adrelid = a.attrelid and d.adnum = a.attnum

    union all

    select 'constraint', k.conname, k.conrelid, 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid
    from pg_catalog.pg_constraint as k
    where k.conrelid <> 0 and k.contype <> 'f'

    union all

    select case when i.indisunique then 'unique index' else 'index' end, c.relname, i.indrelid, 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid
    from pg_catalog.pg_index as i
    inner join pg_catalog.pg_class as c on i.indexrelid = c.oid

    union all

    select 'trigger', t.tgname, t.tgrelid, 'pg_catalog.pg_trigger'::pg_catalog.regclass, t.oid
    from pg_catalog.pg_trigger as t
    where not t.tgisinternal

    union all

    -- What is of no table is found by its name.
    select 'function', s.nspname || '.' || p.proname, null, 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid
    from pg_catalog.pg_proc as p
    inner join schemas as s on p.pronamespace = s.oid

    union all

    select 'type', s.nspname || '.' || t.typname, null, o.classid, o.oid
    from pg_catalog.pg_type as t
    inner join schemas as s on t.typnamespace = s.oid
    cross join lateral (
        select 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid
        union all
        select 'pg_catalog.pg_class'::pg_catalog.regclass, t.typrelid where t.typrelid <> 0
        union all
        select 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid from pg_catalog.pg_constraint as k where k.contypid = t.oid
    ) as o (classid, oid)

    union all

    select 'operator', s.nspname || '.' || o.oprname, null, 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oid
    from pg_catalog.pg_operator as o
    inner join schemas as s on o.oprnamespace = s.oid

    union all

    select
        'operator class', pg_catalog.format('%s.%s for %s', s.nspname, o.opcname, m.amname), null, f.classid, f.oid
    from pg_catalog.pg_opclass as o
    inner join schemas as s on o.opcnamespace = s.oid
    inner join pg_catalog.pg_am as m on o.opcmethod = m.oid
    cross join lateral (
        select 'pg_catalog.pg_amproc'::pg_catalog.regclass, p.oid from pg_catalog.pg_amproc as p where p.amprocfamily = o.opcfamily
        union all
        select 'pg_catalog.pg_amop'::pg_catalog.regclass, p.oid from pg_catalog.pg_amop as p where p.amopfamily = o.opcfamily
    ) as f (classid, oid)

    union all

    select
        'cast', pg_catalog.format('from %s to %s', k.castsource::pg_catalog.regtype, k.casttarget::pg_catalog.regtype), null,
        'pg_catalog.pg_cast'::pg_catalog.regclass, k.oid
    from pg_catalog.pg_cast as k
)

select
    pg_catalog.concat_ws(' ', o.kind, o.name, case when o.name is not null and r.name is not null then 'on' end, r.name) as object,
    pg_catalog.array_agg(distinct a.name) as uses
from asking as o
left join (
    select c.oid, s.nspname || '.' || c.relname as name
    from pg_catalog.pg_class as c
    inner join schemas as s on c.relnamespace = s.oid
) as r on o.relid = r.oid
inner join pg_catalog.pg_depend as d on o.classid = d.classid and o.oid = d.objid
inner join asked as a on d.refclassid = a.classid and d.refobjid = a.oid and a.number in (0, d.refobjsubid)
-- Its own table is no other.
where (o.relid is null or r.oid is not null) and d.refobjid is distinct from o.relid
group by 1
