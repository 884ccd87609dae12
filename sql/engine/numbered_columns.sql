--! Title: Every column that takes its next value from a sequence and nothing else, and how far its type reaches
select
    r.oid::pg_catalog.text || ' ' || a.attnum as key,
    o.nspname || '.' || r.relname as table,
    pg_catalog.format('%s%I.%I', case when r.relkind = 'r' then 'only ' end, o.nspname, r.relname) as relation,
    a.attname::pg_catalog.text as column,
    n.nspname || '.' || c.relname as sequence,
    -- Of another's the engine cannot put back what its own trials drew.
    pg_catalog.pg_has_role(c.relowner, 'usage') as "isKept",
    case b.type
        when 'pg_catalog.int2'::pg_catalog.regtype then 32767
        when 'pg_catalog.int4'::pg_catalog.regtype then 2147483647
        else 9223372036854775807
    end::pg_catalog.text as most
from (
    -- As an identity, or by default.
    select d.objid as sequence, d.refobjid as relation, d.refobjsubid as number
    from pg_catalog.pg_depend as d
    where
        d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = 0
        and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype = 'i'

    union

    select d.refobjid, f.adrelid, f.adnum
    from pg_catalog.pg_depend as d
    inner join pg_catalog.pg_attrdef as f on d.objid = f.oid
    where
        d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
        and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and pg_catalog.pg_get_expr(f.adbin, f.adrelid) ~ '^nextval\(''[^'']*''::regclass\)$'
) as u
inner join pg_catalog.pg_sequence as s on u.sequence = s.seqrelid
inner join pg_catalog.pg_class as c on s.seqrelid = c.oid
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
inner join pg_catalog.pg_class as r on u.relation = r.oid
inner join pg_catalog.pg_namespace as o on r.relnamespace = o.oid
inner join pg_catalog.pg_attribute as a on u.relation = a.attrelid and u.number = a.attnum
inner join pg_catalog.pg_type as t on a.atttypid = t.oid
cross join lateral (select coalesce(nullif(t.typbasetype, 0), t.oid) as type) as b
where
    r.relkind in ('r', 'p')
    -- Its rows are those of the table that it is a part of.
    and not r.relispartition
    and b.type in (
        'pg_catalog.int2'::pg_catalog.regtype, 'pg_catalog.int4'::pg_catalog.regtype, 'pg_catalog.int8'::pg_catalog.regtype,
        'pg_catalog.numeric'::pg_catalog.regtype
    )
    and pg_catalog.has_schema_privilege(o.oid, 'usage')
    and pg_catalog.has_table_privilege(r.oid, 'select')
order by 2, 4, 5
