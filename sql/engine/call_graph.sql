--! Title: Relations and functions, with the names by which SQL mentions each, what it says itself, and what it sets going
with
schemas as (
    select n.oid, n.nspname
    from pg_catalog.pg_namespace as n
    where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
),

extensions as (
    select d.objid, x.extname
    from pg_catalog.pg_depend as d
    inner join pg_catalog.pg_extension as x on d.refobjid = x.oid
    where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.deptype = 'e'
),

-- What is evaluated where a row is written or read: policies, defaults, constraints, indexes, rules.
expressions as (
    select a.adrelid as relation, 'pg_catalog.pg_attrdef'::pg_catalog.regclass as classid, a.oid from pg_catalog.pg_attrdef as a
    union all
    select p.polrelid, 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid from pg_catalog.pg_policy as p
    union all
    select c.conrelid, 'pg_catalog.pg_constraint'::pg_catalog.regclass, c.oid from pg_catalog.pg_constraint as c
    union all
    select i.indrelid, 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid from pg_catalog.pg_index as i
    union all
    select w.ev_class, 'pg_catalog.pg_rewrite'::pg_catalog.regclass, w.oid from pg_catalog.pg_rewrite as w
),

edges as (
    select t.tgrelid as node, t.tgfoid as leads_to
    from pg_catalog.pg_trigger as t
    where not t.tgisinternal and t.tgenabled <> 'D'
    union all
    select f.confrelid, f.conrelid from pg_catalog.pg_constraint as f where f.contype = 'f'
    union all
    select h.inhparent, h.inhrelid from pg_catalog.pg_inherits as h
    union all
    select e.relation, d.refobjid
    from expressions as e
    inner join pg_catalog.pg_depend as d on e.classid = d.classid and e.oid = d.objid
    where
        d.refclassid in ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_class'::pg_catalog.regclass)
        and d.refobjid <> e.relation
)

select
    n.oid::text as oid,
    n.kind,
    n.name,
    n.called,
    n.body,
    n.extension,
    n.is_trusted,
    (
        select coalesce(pg_catalog.array_agg(distinct e.leads_to::text), '{}')
        from edges as e
        where e.node = n.oid
    ) as leads_to
from (
    select
        c.oid,
        case c.relkind when 'f' then 'foreign table' else 'table' end as kind,
        c.relname as name,
        pg_catalog.format('%s.%s', s.nspname, c.relname) as called,
        '' as body,
        null as extension,
        true as is_trusted
    from pg_catalog.pg_class as c
    inner join schemas as s on c.relnamespace = s.oid
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
    union all
    select
        p.oid,
        'function',
        p.proname,
        pg_catalog.format('%s.%s', s.nspname, p.proname),
        coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc),
        x.extname,
        l.lanpltrusted or l.lanname = 'sql' or x.extname is not null
    from pg_catalog.pg_proc as p
    inner join schemas as s on p.pronamespace = s.oid
    inner join pg_catalog.pg_language as l on p.prolang = l.oid
    left join extensions as x on p.oid = x.objid
) as n
