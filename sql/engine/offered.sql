--! Title: What applications go by that stands in none of their rows: how functions are called, whose rights they have, which words an enum has, the columns of views, and how tables point at one another; `$1`: the roles that call
with recursive
schemas as (
    select oid, nspname
    from pg_catalog.pg_namespace
    where nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'schema_fix') and nspname !~ '^pg_(toast_)?temp_'
),

extended as (
    select classid, objid from pg_catalog.pg_depend where deptype = 'e'
),

relations as (
    select c.*, s.nspname || '.' || c.relname as name
    from pg_catalog.pg_class as c
    inner join schemas as s on c.relnamespace = s.oid
    where
        not exists (select from extended as e where e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.objid = c.oid)
),

functions as (
    select f.*, s.nspname || '.' || f.proname as name
    from pg_catalog.pg_proc as f
    inner join schemas as s on f.pronamespace = s.oid
    where
        f.prokind in ('f', 'p')
        and not exists (select from extended as e where e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and e.objid = f.oid)
),

-- What a data API shows to somebody, as itself or by a view: it knows relationships between these alone.
shown as (
    select r.oid
    from relations as r
    where
        r.relkind in ('r', 'p', 'v', 'm', 'f')
        and exists (
            select from pg_catalog.pg_roles as g
            where
                (
                    g.rolname = any($1::text[])
                    or exists (
                        select from pg_catalog.pg_auth_members as m
                        where m.roleid = g.oid and m.member = pg_catalog.to_regrole('authenticator')
                    )
                )
                and pg_catalog.has_schema_privilege(g.oid, r.relnamespace, 'usage')
                and pg_catalog.has_any_column_privilege(g.oid, r.oid, 'select')
        )

    union

    select d.refobjid
    from shown as s
    inner join pg_catalog.pg_rewrite as w on s.oid = w.ev_class
    inner join pg_catalog.pg_depend as d
        on
            d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and w.oid = d.objid
            and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
),

keys as (
    select k.*, a.name as source, b.name as target
    from pg_catalog.pg_constraint as k
    inner join relations as a on k.conrelid = a.oid
    inner join relations as b on k.confrelid = b.oid
    where
        k.contype = 'f' and k.conparentid = 0
        and k.conrelid in (select oid from shown) and k.confrelid in (select oid from shown)
)

select
    (
        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', f.name,
            'takes', (
                select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                    'name', coalesce(f.proargnames[g.place], ''),
                    'type', pg_catalog.format_type(g.type, null),
                    -- Defaults are those of the last.
                    'isOptional', g.number > f.pronargs - f.pronargdefaults
                ) order by g.number), '[]')
                from (
                    select
                        t.type, t.place,
                        pg_catalog.row_number() over (order by t.place) as number
                    from pg_catalog.unnest(coalesce(f.proallargtypes, f.proargtypes::oid[])) with ordinality as t (type, place)
                    where coalesce(f.proargmodes[t.place], 'i') in ('i', 'b', 'v')
                ) as g
            ),
            'answers', coalesce(pg_catalog.pg_get_function_result(f.oid), 'nothing'),
            'isVolatile', f.provolatile = 'v',
            'fieldOf', (
                select r.name from relations as r
                where f.pronargs = 1 and r.relkind in ('r', 'p') and r.reltype = f.proargtypes[0]
            )
        ) order by f.name, f.oid), '[]')
        from functions as f
        where
            f.prorettype not in ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)
            and exists (
                select from pg_catalog.pg_roles as g
                where g.rolname = any($1::text[]) and pg_catalog.has_function_privilege(g.oid, f.oid, 'execute')
            )
    ) as calls,
    (
        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', f.name,
            'hasPath', exists (select from pg_catalog.unnest(f.proconfig) as c (setting) where c.setting like 'search_path=%')
        )), '[]')
        from functions as f
        where f.prosecdef
    ) as definers,
    (select coalesce(pg_catalog.json_agg(f.name), '[]') from functions as f) as functions,
    (
        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', f.name,
            'signature', f.oid::pg_catalog.regprocedure,
            'said', pg_catalog.jsonb_build_object(
                'parallel', case f.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
                'strict', f.proisstrict::text, 'leakproof', f.proleakproof::text, 'cost', f.procost::text
            ) || coalesce((
                select pg_catalog.jsonb_object_agg(pg_catalog.split_part(c.setting, '=', 1), pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') + 1))
                from pg_catalog.unnest(f.proconfig) as c (setting)
            ), '{}')
        ) order by f.oid), '[]')
        from functions as f
    ) as options,
    (
        select coalesce(pg_catalog.json_object_agg(e.name, e.labels), '{}')
        from (
            select s.nspname || '.' || t.typname as name, pg_catalog.json_agg(e.enumlabel order by e.enumsortorder) as labels
            from pg_catalog.pg_enum as e
            inner join pg_catalog.pg_type as t on e.enumtypid = t.oid
            inner join schemas as s on t.typnamespace = s.oid
            group by s.nspname, t.typname
        ) as e
    ) as enums,
    (
        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', r.name,
            'kind', r.relkind,
            'columns', (
                select coalesce(pg_catalog.json_object_agg(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)), '{}')
                from pg_catalog.pg_attribute as a
                where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
            )
        )), '[]')
        from relations as r
        where r.relkind in ('r', 'p', 'v', 'm')
    ) as relations,
    (
        select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', k.conname,
            'source', k.source,
            'target', k.target,
            'columns', (
                select pg_catalog.json_agg(a.attname order by a.attname)
                from pg_catalog.pg_attribute as a
                where a.attrelid = k.conrelid and a.attnum = any(k.conkey)
            ),
            'isOfKey', exists (
                select from pg_catalog.pg_constraint as u
                where u.conrelid = k.conrelid and u.contype = 'p' and k.conkey <@ u.conkey
            ),
            'isOfOne', exists (
                select from pg_catalog.pg_constraint as u
                where
                    u.conrelid = k.conrelid and u.contype in ('p', 'u')
                    and u.conkey <@ k.conkey and k.conkey <@ u.conkey
            )
        ) order by k.conname), '[]')
        from keys as k
    ) as keys
