--! Title: Every table and materialized view of everybody but the system and the prelude, its columns, and how much this transaction wrote into it
with recursive
-- Of a domain over a domain there are several.
layers as (
    select oid as type, typbasetype as base
    from pg_catalog.pg_type
    where typtype = 'd'
    union all
    select l.type, d.typbasetype
    from layers as l
    inner join pg_catalog.pg_type as d on l.base = d.oid
    where d.typtype = 'd'
),

bases as (
    select l.type, l.base
    from layers as l
    inner join pg_catalog.pg_type as t on l.base = t.oid
    where t.typtype <> 'd'
),

tables as (
    select c.*, n.nspname
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where
        -- One that was never filled cannot be read.
        (c.relkind in ('r', 'p') or c.relkind = 'm' and c.relispopulated)
        and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'schema_fix')
        and n.nspname !~ '^pg_(toast_)?temp_'
),

labels as (
    select enumtypid, pg_catalog.string_agg(pg_catalog.quote_literal(enumlabel), ',' order by enumsortorder) as said
    from pg_catalog.pg_enum
    group by enumtypid
),

columns as (
    select
        a.attrelid,
        pg_catalog.jsonb_agg(
            pg_catalog.jsonb_build_object(
                'name', a.attname,
                'number', a.attnum,
                'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                'base', pg_catalog.format_type(coalesce(b.base, a.atttypid), null),
                'category', t.typcategory,
                'isGenerated', a.attgenerated <> '',
                'isNumbered', a.attidentity <> '',
                'fallback', case when a.attgenerated = '' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end,
                'labels', l.said,
                'isKey', coalesce(a.attnum = any(i.indkey), false)
            )
            order by a.attnum
        ) as described
    from tables as c
    inner join pg_catalog.pg_attribute as a on c.oid = a.attrelid
    inner join pg_catalog.pg_type as t on a.atttypid = t.oid
    left join bases as b on a.atttypid = b.type
    left join labels as l on coalesce(b.base, a.atttypid) = l.enumtypid
    left join pg_catalog.pg_attrdef as d on a.attrelid = d.adrelid and a.attnum = d.adnum
    left join pg_catalog.pg_index as i on a.attrelid = i.indrelid and i.indisprimary
    where a.attnum > 0 and not a.attisdropped
    group by a.attrelid
),

parents as (
    select
        inhrelid,
        pg_catalog.jsonb_agg(inhparent::pg_catalog.regclass::pg_catalog.text order by inhseqno) as described
    from pg_catalog.pg_inherits
    group by inhrelid
),

keys as (
    select
        k.conrelid,
        pg_catalog.jsonb_agg(
            pg_catalog.jsonb_build_object(
                'constraint', k.oid::pg_catalog.text, 'column', a.attname, 'references', k.confrelid::pg_catalog.text, 'referenced', p.attname,
                'fallback', case k.confdeltype when 'd' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end
            )
            order by k.oid, pair.child
        ) as described
    from tables as c
    inner join pg_catalog.pg_constraint as k on c.oid = k.conrelid
    cross join lateral unnest(k.conkey, k.confkey) as pair (child, parent)
    inner join pg_catalog.pg_attribute as a on k.conrelid = a.attrelid and pair.child = a.attnum
    inner join pg_catalog.pg_attribute as p on k.confrelid = p.attrelid and pair.parent = p.attnum
    left join pg_catalog.pg_attrdef as d on a.attrelid = d.adrelid and a.attnum = d.adnum
    where k.contype = 'f'
    group by k.conrelid
)

select
    (
        select pg_catalog.string_agg(case when part ~ '[."]' then pg_catalog.quote_ident(part) else part end, '.' order by place)
        from (values (1, c.nspname::text), (2, c.relname::text)) as p (place, part)
    ) as name,
    pg_catalog.format('%I.%I', c.nspname, c.relname) as relation,
    c.oid::pg_catalog.text as oid,
    c.relkind as kind,
    c.relispartition as is_partition,
    pg_catalog.has_schema_privilege(c.relnamespace, 'usage')
    and pg_catalog.has_table_privilege(c.oid, 'select')
    and not pg_catalog.row_security_active(c.oid) as is_readable,
    pg_catalog.pg_has_role(c.relowner, 'usage') as is_ours,
    -- Whoever rewrites or empties a table gives it another file; whoever writes a row is counted.
    c.relfilenode::pg_catalog.text as file,
    pg_catalog.json_build_object(
        'appeared', pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
        'changed', pg_catalog.pg_stat_get_xact_tuples_updated(c.oid),
        'gone', pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
    ) as written,
    coalesce(a.described, '[]') as columns,
    coalesce(h.described, '[]') as parents,
    coalesce(k.described, '[]') as keys
from tables as c
left join columns as a on c.oid = a.attrelid
left join parents as h on c.oid = h.inhrelid
left join keys as k on c.oid = k.conrelid
order by 1
