--! Title: What the server has computed of rows by an expression, and keeps: indexes, generated columns, and checks that it takes to hold
select
    case when k.oid is not null then 'constraint' when i.indisunique then 'unique index' else 'index' end as kind,
    c.relname as name,
    n.nspname || '.' || t.relname as relation,
    pg_catalog.format('%I.%I', n.nspname, t.relname) as quoted,
    case when i.indisunique then 'unique index' else 'index' end as asks,
    null as expression,
    -- Another where it was made again.
    pg_catalog.concat_ws(' ', c.oid, c.relfilenode) as file
from pg_catalog.pg_index as i
inner join pg_catalog.pg_class as c on i.indexrelid = c.oid
inner join pg_catalog.pg_class as t on i.indrelid = t.oid
inner join pg_catalog.pg_namespace as n on t.relnamespace = n.oid
left join pg_catalog.pg_constraint as k on c.oid = k.conindid and k.contype in ('p', 'u', 'x')
where (i.indexprs is not null or i.indpred is not null) and c.relkind = 'i'

union all

select
    'generated column', a.attname, n.nspname || '.' || t.relname, pg_catalog.format('%I.%I', n.nspname, t.relname), 'generated column',
    pg_catalog.format('%I is distinct from (%s)', a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid)), null
from pg_catalog.pg_attrdef as d
inner join pg_catalog.pg_attribute as a on d.adrelid = a.attrelid and d.adnum = a.attnum
inner join pg_catalog.pg_class as t on a.attrelid = t.oid
inner join pg_catalog.pg_namespace as n on t.relnamespace = n.oid
where a.attgenerated = 's' and t.relkind in ('r', 'p')

union all

select
    'constraint', k.conname, n.nspname || '.' || t.relname, pg_catalog.format('%I.%I', n.nspname, t.relname), 'constraint',
    pg_catalog.format('(%s) is false', pg_catalog.pg_get_expr(k.conbin, k.conrelid)), null
from pg_catalog.pg_constraint as k
inner join pg_catalog.pg_class as t on k.conrelid = t.oid
inner join pg_catalog.pg_namespace as n on t.relnamespace = n.oid
where k.contype = 'c'
