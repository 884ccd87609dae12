--! Title: Checks and unique indexes of tables, the columns that each asks for, and the condition on which it refuses a row, or the second one that is like it
with
asking as (
    select
        'constraint' as kind, k.conname::text as name, k.conrelid as relid, k.conbin::text as nodes, k.conkey::int[] as numbers,
        pg_catalog.format('(%s) is false', pg_catalog.pg_get_expr(k.conbin, k.conrelid)) as condition,
        false as is_unique, false as takes_null
    from pg_catalog.pg_constraint as k
    where k.contype = 'c' and k.conislocal

    union all

    select
        case when k.oid is null then 'unique index' else 'constraint' end, c.relname, i.indrelid, pg_catalog.concat(i.indexprs),
        (i.indkey::int[])[0:i.indnkeyatts - 1],
        (
            select pg_catalog.string_agg(
                case
                    when pg_catalog.to_jsonb(i) -> 'indnullsnotdistinct' = 'true'
                        then 'true'
                    else pg_catalog.format('(%s) is not null', pg_catalog.pg_get_indexdef(i.indexrelid, n, true))
                end,
                ' and '
            )
            from pg_catalog.generate_series(1, i.indnkeyatts::int) as n
        ) || coalesce(' and (' || pg_catalog.pg_get_expr(i.indpred, i.indrelid) || ')', ''),
        true, coalesce(pg_catalog.to_jsonb(i) -> 'indnullsnotdistinct' = 'true', false)
    from pg_catalog.pg_index as i
    inner join pg_catalog.pg_class as c on i.indexrelid = c.oid
    left join pg_catalog.pg_constraint as k on c.oid = k.conindid and k.contype in ('p', 'u')
    where i.indisunique and not c.relispartition
)

select
    a.kind,
    a.name,
    n.nspname || '.' || c.relname as relation,
    a.is_unique as "isUnique",
    a.takes_null as "takesNull",
    a.condition,
    array(
        select distinct m.number
        from (
            select k.number from pg_catalog.unnest(a.numbers) as k (number)
            union all
            select v.found[1]::int from pg_catalog.regexp_matches(a.nodes, '\{VAR [^}]*:varattno (\d+)', 'g') as v (found)
        ) as m
        where m.number > 0
        order by m.number
    ) as numbers,
    -- Their defaults may be another for each row.
    array(
        select d.adnum::int
        from pg_catalog.pg_attrdef as d
        cross join lateral pg_catalog.regexp_matches(d.adbin::text, ':(?:funcid|opfuncid) (\d+)', 'g') as f (found)
        inner join pg_catalog.pg_proc as p on f.found[1]::pg_catalog.oid = p.oid
        where d.adrelid = a.relid and p.provolatile = 'v'
    ) as changing
from asking as a
inner join pg_catalog.pg_class as c on a.relid = c.oid
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(toast_)?temp_'
