--! Title: Every function and procedure whose body is a text that SQL or PL/pgSQL reads at each call, and what it takes and answers
with
polymorphic as (
    select oid
    from pg_catalog.pg_type
    where typtype = 'p' and typname like 'any%'
),

taken as (
    select
        f.oid,
        pg_catalog.jsonb_agg(
            pg_catalog.jsonb_build_object(
                'name', coalesce(f.proargnames[a.place], ''), 'type', pg_catalog.format_type(a.type, null), 'mode', coalesce(f.proargmodes[a.place], 'i')
            )
            order by a.place
        ) as described,
        pg_catalog.array_agg(a.type order by a.place) filter (where f.proargmodes[a.place] in ('o', 'b', 't')) as answered
    from pg_catalog.pg_proc as f
    cross join lateral pg_catalog.unnest(coalesce(f.proallargtypes, f.proargtypes::oid[])) with ordinality as a (type, place)
    group by f.oid
),

-- Of a trigger, the rows that it is given.
fired as (
    select
        t.tgfoid,
        pg_catalog.jsonb_agg(distinct pg_catalog.format('%I.%I', n.nspname, c.relname)) as tables,
        pg_catalog.jsonb_agg(distinct pg_catalog.jsonb_build_object('table', pg_catalog.format('%I.%I', n.nspname, c.relname), 'name', x.name))
        filter (where x.name is not null) as transitions
    from pg_catalog.pg_trigger as t
    inner join pg_catalog.pg_class as c on t.tgrelid = c.oid
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    left join lateral (values (t.tgoldtable), (t.tgnewtable)) as x (name) on true
    where not t.tgisinternal
    group by t.tgfoid
)

select
    n.nspname || '.' || f.proname as name,
    f.oid::pg_catalog.regprocedure::text as signature,
    pg_catalog.quote_ident(f.proname) as called,
    f.prokind = 'p' as "isProcedure",
    l.lanname as language,
    f.prosrc as body,
    pg_catalog.pg_get_function_arguments(f.oid) as arguments,
    pg_catalog.pg_get_function_result(f.oid) as result,
    coalesce(
        (select pg_catalog.substr(s.setting, 13) from pg_catalog.unnest(f.proconfig) as s (setting) where s.setting like 'search_path=%'),
        -- As whoever calls it is likely to have it: all that there is, its own schema and `public` first.
        (
            select
                pg_catalog.string_agg(
                    pg_catalog.quote_ident(o.nspname), ', ' order by o.oid <> f.pronamespace, o.nspname <> 'public', o.nspname
                )
            from pg_catalog.pg_namespace as o
            where o.nspname !~ '^pg_' and o.nspname not in ('information_schema', 'schema_fix')
        )
    ) as path,
    coalesce(t.described, '[]') as takes,
    coalesce(e.tables, '[]') as tables,
    coalesce(e.transitions, '[]') as transitions,
    -- Numbers of the types of what `return query` has to give, as they are now.
    case
        when f.proretset and (f.prorettype <> 'pg_catalog.record'::pg_catalog.regtype or t.answered is not null) then coalesce(
            t.answered,
            (
                select pg_catalog.array_agg(a.atttypid order by a.attnum)
                from pg_catalog.pg_type as y
                inner join pg_catalog.pg_attribute as a on y.typrelid = a.attrelid
                where y.oid = f.prorettype and a.attnum > 0 and not a.attisdropped
            ),
            array[f.prorettype]
        )::text[]
    end as answers
from pg_catalog.pg_proc as f
inner join pg_catalog.pg_namespace as n on f.pronamespace = n.oid
inner join pg_catalog.pg_language as l on f.prolang = l.oid
left join taken as t on f.oid = t.oid
left join fired as e on f.oid = e.tgfoid
where
    l.lanname in ('sql', 'plpgsql')
    -- One that Postgres keeps parsed holds on to what it names.
    and f.prosrc <> ''
    and n.nspname not in ('pg_catalog', 'information_schema', 'schema_fix')
    and n.nspname !~ '^pg_(toast_)?temp_'
    and not f.prorettype in (select oid from polymorphic)
    and not f.proargtypes::oid[] && array(select oid from polymorphic)
    and not exists (
        select from pg_catalog.pg_depend as d
        where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = f.oid and d.deptype = 'e'
    )
order by 1, 2
