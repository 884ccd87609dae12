--! Title: Functions of the project's that one of these roles may call by their name, what they take and what they are made of; not what triggers call
select
    n.nspname || '.' || p.proname as name,
    n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' as signature,
    pg_catalog.format('%I.%I', n.nspname, p.proname) as called,
    -- A body that was parsed names tables that may have another name by now.
    pg_catalog.md5(pg_catalog.concat_ws(' ', p.prosrc, p.prosecdef, p.prolang, p.probin)) as definition,
    array(
        select r.rolname::pg_catalog.text
        from pg_catalog.pg_roles as r
        where
            r.rolname = any($1::pg_catalog.text[])
            and pg_catalog.has_function_privilege(r.oid, p.oid, 'execute')
            and pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage')
    ) as roles,
    array(
        select
            pg_catalog.jsonb_build_object(
                'name', nullif(p.proargnames[a.place], ''),
                'type', pg_catalog.format_type(a.type, null),
                'category', t.typcategory,
                'isOptional', a.nth > p.pronargs - p.pronargdefaults,
                'isVariadic', p.provariadic <> 0 and a.nth = p.pronargs,
                'word', (
                    select e.enumlabel from pg_catalog.pg_enum as e where e.enumtypid = t.oid order by e.enumsortorder limit 1
                )
            )
        from (
            select
                u.type, u.place,
                pg_catalog.row_number() over (order by u.place) as nth
            from pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::pg_catalog.oid[])) with ordinality as u (type, place)
            where coalesce(p.proargmodes[u.place], 'i') in ('i', 'b', 'v')
        ) as a
        inner join pg_catalog.pg_type as t on a.type = t.oid
        order by a.nth
    ) as inputs
from pg_catalog.pg_proc as p
inner join pg_catalog.pg_namespace as n on p.pronamespace = n.oid
inner join pg_catalog.pg_type as r on p.prorettype = r.oid
where
    p.prokind = 'f'
    -- The platform's are somebody else's.
    and pg_catalog.pg_has_role(p.proowner, 'member')
    and n.nspname not in ('pg_catalog', 'information_schema', 'schema_fix')
    and n.nspname !~ '^pg_(toast_)?temp_'
    -- What it answers has columns that are known; triggers have none.
    and (r.typtype <> 'p' or r.typname = 'void' or p.proargmodes is not null)
    and not exists (
        select from pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) as u (type)
        inner join pg_catalog.pg_type as t on u.type = t.oid
        where t.typtype = 'p'
    )
    and not exists (
        select from pg_catalog.pg_depend as e
        where
            e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and e.objid = p.oid
            and e.deptype = 'e'
    )
order by signature
