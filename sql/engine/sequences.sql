--! Title: Every sequence that this role may read, and the step by which it counts
select
    pg_catalog.format('%s.%s', n.nspname, c.relname) as name,
    pg_catalog.format('%I.%I', n.nspname, c.relname) as relation,
    s.seqincrement::pg_catalog.text as step
from pg_catalog.pg_sequence as s
inner join pg_catalog.pg_class as c on s.seqrelid = c.oid
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
where
    n.nspname !~ '^pg_(toast_)?temp_'
    and n.nspname <> 'schema_fix'
    and pg_catalog.has_schema_privilege(n.oid, 'usage')
    and case when c.relkind = 'S' then pg_catalog.has_sequence_privilege(c.oid, 'select') end
