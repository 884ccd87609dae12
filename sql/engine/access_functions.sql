--! Title: Functions with their definer's rights that a role of the API may call
select
    n.nspname || '.' || p.proname as name,
    n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' as signature,
    r.rolname as role,
    -- By its name alone: whatever else calls it there, an operator, a default, a body that was parsed, asks for no schema.
    pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage') as "isNamed",
    pg_catalog.md5(
        pg_catalog.concat_ws(
            ' ', p.prosrc, p.proowner::pg_catalog.regrole, p.proconfig::pg_catalog.text, p.probin, p.prolang,
            pg_catalog.pg_get_function_result(p.oid),
            case when pg_catalog.to_jsonb(p) ->> 'prosqlbody' is not null then pg_catalog.pg_get_functiondef(p.oid) end
        )
    ) as definition
from pg_catalog.pg_proc as p
inner join pg_catalog.pg_namespace as n on p.pronamespace = n.oid
inner join pg_catalog.pg_roles as r on r.rolname = any($1::pg_catalog.text[])
where
    p.prosecdef
    and p.prokind in ('f', 'p', 'w')
    and p.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
    and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast_)?temp_'
    and pg_catalog.has_function_privilege(r.oid, p.oid, 'execute')
    and not exists (
        select from pg_catalog.pg_depend as d
        where
            d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid
            and d.deptype = 'e'
    )
order by signature, role
