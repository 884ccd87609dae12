--! Title: Functions with their definer's rights that a role of the API may call, or one to which that was granted, and aggregates that are made of one
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
),

callers as (
    select
        d.called, d.definer, r.rolname as role,
        -- By its name alone: whatever else calls it there, an operator, a default, a body that was parsed, asks for no schema.
        pg_catalog.has_schema_privilege(r.oid, p.pronamespace, 'usage') as is_named
    from definers as d
    inner join pg_catalog.pg_proc as p on d.called = p.oid
    inner join pg_catalog.pg_roles as r on r.rolname = any($1::pg_catalog.text[])
    where pg_catalog.has_function_privilege(r.oid, p.oid, 'execute')

    union all

    -- Others by what was granted to them, or to everybody; that they may no longer call one is told as a privilege that is gone.
    select d.called, d.definer, coalesce(r.rolname, 'public'), false
    from definers as d
    inner join pg_catalog.pg_proc as p on d.called = p.oid
    cross join lateral pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) as x
    left join pg_catalog.pg_roles as r on x.grantee = r.oid
    where
        x.grantee = 0
        or (
            r.rolname <> all($1::pg_catalog.text[])
            and r.rolname !~ '^schema_fix_'
            and not (r.rolsuper or r.rolbypassrls or pg_catalog.pg_has_role(r.oid, p.proowner, 'usage'))
        )
)

select
    n.nspname || '.' || p.proname as name,
    n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' as signature,
    c.role,
    c.is_named as "isNamed",
    pg_catalog.md5(
        pg_catalog.concat_ws(
            ' ', o.prosrc, o.proowner::pg_catalog.regrole, o.proconfig::pg_catalog.text, o.probin, o.prolang,
            pg_catalog.pg_get_function_result(o.oid),
            case when pg_catalog.to_jsonb(o) ->> 'prosqlbody' is not null then pg_catalog.pg_get_functiondef(o.oid) end
        )
    ) as definition
from callers as c
inner join pg_catalog.pg_proc as p on c.called = p.oid
inner join pg_catalog.pg_proc as o on c.definer = o.oid
inner join pg_catalog.pg_namespace as n on p.pronamespace = n.oid
where
    o.prosecdef
    -- Triggers call these.
    and o.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
    and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast_)?temp_'
    and not exists (
        select from pg_catalog.pg_depend as e
        where
            e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and e.objid = p.oid
            and e.deptype = 'e'
    )
order by signature, role
