--! Title: Functions with their definer's rights that a role of the API may call, and aggregates that are made of one
with
-- Whether a role may call those that an aggregate is made of is asked of the owner of the aggregate.
definers as (
    select p.oid as called, p.oid as definer
    from pg_catalog.pg_proc as p
    where p.prokind in ('f', 'p', 'w')

    union all

    select a.aggfnoid, o.oid
    from pg_catalog.pg_aggregate as a
    inner join pg_catalog.pg_proc as o on o.oid in (
        a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn
    )
)

select
    n.nspname || '.' || p.proname as name,
    n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' as signature,
    r.rolname as role,
    -- By its name alone: whatever else calls it there, an operator, a default, a body that was parsed, asks for no schema.
    pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage') as "isNamed",
    pg_catalog.md5(
        pg_catalog.concat_ws(
            ' ', o.prosrc, o.proowner::pg_catalog.regrole, o.proconfig::pg_catalog.text, o.probin, o.prolang,
            pg_catalog.pg_get_function_result(o.oid),
            case when pg_catalog.to_jsonb(o) ->> 'prosqlbody' is not null then pg_catalog.pg_get_functiondef(o.oid) end
        )
    ) as definition
from definers as d
inner join pg_catalog.pg_proc as p on d.called = p.oid
inner join pg_catalog.pg_proc as o on d.definer = o.oid
inner join pg_catalog.pg_namespace as n on p.pronamespace = n.oid
inner join pg_catalog.pg_roles as r on r.rolname = any($1::pg_catalog.text[])
where
    o.prosecdef
    -- Triggers call these.
    and o.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
    and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast_)?temp_'
    and pg_catalog.has_function_privilege(r.oid, p.oid, 'execute')
    and not exists (
        select from pg_catalog.pg_depend as e
        where
            e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and e.objid = p.oid
            and e.deptype = 'e'
    )
order by signature, role
