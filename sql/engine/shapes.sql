--! Title: Every table and materialized view of everybody but the system and the prelude, its columns, and how much this transaction wrote into it
with recursive
bases as (
    select oid as type, oid as base
    from pg_catalog.pg_type
    where typtype <> 'd'
    union all
    select d.oid, b.base
    from pg_catalog.pg_type as d
    inner join bases as b on d.typbasetype = b.type
    where d.typtype = 'd'
)

select
    pg_catalog.format('%s.%s', n.nspname, c.relname) as name,
    pg_catalog.format('%I.%I', n.nspname, c.relname) as relation,
    c.oid::pg_catalog.text as oid,
    c.relkind as kind,
    c.relispartition as is_partition,
    pg_catalog.has_schema_privilege(n.oid, 'usage')
    and pg_catalog.has_table_privilege(c.oid, 'select')
    and not pg_catalog.row_security_active(c.oid) as is_readable,
    pg_catalog.pg_has_role(c.relowner, 'usage') as is_ours,
    -- Whoever rewrites or empties a table gives it another file; whoever writes a row is counted.
    c.relfilenode::pg_catalog.text as file,
    case when c.relkind = 'p' then 0 else pg_catalog.pg_table_size(c.oid) end as bytes,
    pg_catalog.json_build_object(
        'appeared', pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
        'changed', pg_catalog.pg_stat_get_xact_tuples_updated(c.oid),
        'gone', pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
    ) as written,
    (
        select coalesce(
            pg_catalog.jsonb_agg(
                pg_catalog.jsonb_build_object(
                    'name', a.attname,
                    'number', a.attnum,
                    'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                    'base', pg_catalog.format_type(b.base, null),
                    'category', t.typcategory,
                    'isGenerated', a.attgenerated <> '',
                    'labels', (
                        select pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ',' order by e.enumsortorder)
                        from pg_catalog.pg_enum as e
                        where e.enumtypid = b.base
                    ),
                    'isKey', coalesce(a.attnum = any(i.indkey), false)
                )
                order by a.attnum
            ),
            '[]'
        )
        from pg_catalog.pg_attribute as a
        inner join pg_catalog.pg_type as t on a.atttypid = t.oid
        inner join bases as b on a.atttypid = b.type
        left join pg_catalog.pg_index as i on a.attrelid = i.indrelid and i.indisprimary
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ) as columns,
    (
        select coalesce(pg_catalog.jsonb_agg(h.inhparent::pg_catalog.regclass::pg_catalog.text order by h.inhseqno), '[]')
        from pg_catalog.pg_inherits as h
        where h.inhrelid = c.oid
    ) as parents,
    (
        select coalesce(
            pg_catalog.jsonb_agg(
                pg_catalog.jsonb_build_object(
                    'column', a.attname, 'references', k.confrelid::pg_catalog.text, 'referenced', p.attname,
                    'fallback', case k.confdeltype when 'd' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end
                )
            ),
            '[]'
        )
        from pg_catalog.pg_constraint as k
        cross join lateral unnest(k.conkey, k.confkey) as pair (child, parent)
        inner join pg_catalog.pg_attribute as a on k.conrelid = a.attrelid and pair.child = a.attnum
        inner join pg_catalog.pg_attribute as p on k.confrelid = p.attrelid and pair.parent = p.attnum
        left join pg_catalog.pg_attrdef as d on a.attrelid = d.adrelid and a.attnum = d.adnum
        where k.conrelid = c.oid and k.contype = 'f'
    ) as keys
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
where
    -- One that was never filled cannot be read.
    (c.relkind in ('r', 'p') or c.relkind = 'm' and c.relispopulated)
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'schema_fix')
    and n.nspname !~ '^pg_(toast_)?temp_'
order by 1
