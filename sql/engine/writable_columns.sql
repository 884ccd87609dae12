--! Title: Columns of tables, `schema.table` in $1, and what decides which values somebody sends who writes a row
select
    n.nspname || '.' || c.relname as "table",
    c.oid::pg_catalog.text as oid,
    pg_catalog.json_agg(
        pg_catalog.json_build_object(
            'name', a.attname,
            'number', a.attnum,
            'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
            'category', t.typcategory,
            'isComputed', a.attgenerated <> '' or a.attidentity <> '',
            'hasDefault', d.oid is not null or t.typdefault is not null,
            'isCounted', a.attidentity <> '' or pg_catalog.pg_get_expr(d.adbin, d.adrelid) like '%nextval(%',
            'isUnique', exists (
                select from pg_catalog.pg_index as i
                where i.indrelid = c.oid and (i.indisunique or i.indisexclusion) and a.attnum = any(i.indkey)
            ),
            'isForeign', exists (
                select from pg_catalog.pg_constraint as k
                where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any(k.conkey)
            )
        )
        order by a.attnum
    ) as columns,
    (
        select coalesce(pg_catalog.json_agg(u.names), '[]')
        from pg_catalog.pg_index as i
        cross join lateral (
            select pg_catalog.json_agg(x.attname order by k.place) as names
            from pg_catalog.unnest(i.indkey::int[]) with ordinality as k (number, place)
            inner join pg_catalog.pg_attribute as x on x.attrelid = c.oid and k.number = x.attnum
        ) as u
        where i.indrelid = c.oid and (i.indisunique or i.indisexclusion) and u.names is not null
    ) as keys
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
inner join pg_catalog.pg_attribute as a on c.oid = a.attrelid
inner join pg_catalog.pg_type as t on a.atttypid = t.oid
left join pg_catalog.pg_attrdef as d on a.attrelid = d.adrelid and a.attnum = d.adnum
where
    c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    and n.nspname || '.' || c.relname = any($1::pg_catalog.text[])
group by n.nspname, c.relname, c.oid
