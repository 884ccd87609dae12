--! Title: What reads tables past their policies and roles of the application may use; $1 the tables, $2 the roles
with
ours as (
    select c.oid, c.relname
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where c.relkind in ('r', 'p') and n.nspname || '.' || c.relname = any($1::text[])
),

callers as (
    select r.oid
    from pg_catalog.pg_roles as r
    where r.rolname = any($2::text[])
)

select
    'function' as kind,
    n.nspname || '.' || p.proname as name,
    p.oid::pg_catalog.regprocedure::text as shown,
    case
        when p.prorettype = 'pg_catalog.trigger'::pg_catalog.regtype then 'runs as its owner, as a trigger'
        else 'runs as its owner, whoever calls it'
    end as why
from pg_catalog.pg_proc as p
inner join pg_catalog.pg_namespace as n on p.pronamespace = n.oid
where
    p.prosecdef
    and n.nspname not in ('pg_catalog', 'information_schema')
    and exists (
        select from ours as o
        where coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) ~ ('(^|[^a-zA-Z0-9_$])' || o.relname || '($|[^a-zA-Z0-9_$])')
    )
    and (
        p.prorettype = 'pg_catalog.trigger'::pg_catalog.regtype
        or exists (select from callers as c where pg_catalog.has_function_privilege(c.oid, p.oid, 'execute'))
    )

union all

select distinct
    'view',
    n.nspname || '.' || v.relname,
    v.oid::pg_catalog.regclass::text,
    'reads as its owner, whoever asks it'
from pg_catalog.pg_class as v
inner join pg_catalog.pg_namespace as n on v.relnamespace = n.oid
inner join pg_catalog.pg_rewrite as w on v.oid = w.ev_class
inner join pg_catalog.pg_depend as d
    on
        d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        and w.oid = d.objid
        and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and d.refobjid in (select oid from ours)
where
    v.relkind in ('v', 'm')
    and not exists (
        select from pg_catalog.pg_options_to_table(v.reloptions) as o
        where case when o.option_name = 'security_invoker' then o.option_value::pg_catalog.bool end
    )
    and exists (select from callers as c where pg_catalog.has_table_privilege(c.oid, v.oid, 'select'))
order by 1, 2
