--! Title: What guards the data and acts on it, told once as it is written and once by its parts, which a new name leaves as they are; `$1`: tables whose forced row level security is lifted for the moment
with
schemas as (
    select oid, nspname
    from pg_catalog.pg_namespace
    where nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'schema_fix') and nspname !~ '^pg_(toast_)?temp_'
),

-- What an extension brings along goes and comes with it, and so do the functions and casts that Postgres makes for a range.
extended as (
    select classid, objid
    from pg_catalog.pg_depend
    where
        deptype = 'e'
        or (
            deptype = 'i' and refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
            and classid in ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_cast'::pg_catalog.regclass)
        )
),

relations as (
    select
        c.*, s.nspname || '.' || c.relname as name,
        (select pg_catalog.array_agg(o order by o) from pg_catalog.unnest(c.reloptions) as o) as options
    from pg_catalog.pg_class as c
    inner join schemas as s on c.relnamespace = s.oid
    where
        c.relkind in ('r', 'p', 'v', 'm', 'f')
        and not exists (
            select from extended as e where e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.objid = c.oid
        )
),

sequences_of_columns as (
    select
        d.objid as sequence, r.oid as relid, r.name, a.attname, a.attnum, a.attidentity <> '' as is_identity,
        'sequence ' || n.nspname || '.' || q.relname as counter
    from pg_catalog.pg_depend as d
    inner join pg_catalog.pg_class as q on d.objid = q.oid
    inner join pg_catalog.pg_namespace as n on q.relnamespace = n.oid
    inner join relations as r on d.refobjid = r.oid
    inner join pg_catalog.pg_attribute as a on r.oid = a.attrelid and d.refobjsubid = a.attnum
    where
        d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = 0
        and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
        and q.relkind = 'S'
),

-- What the column has comes and goes with it.
sequences as (
    select c.*, s.nspname || '.' || c.relname as name
    from pg_catalog.pg_class as c
    inner join schemas as s on c.relnamespace = s.oid
    where c.relkind = 'S' and not exists (select from sequences_of_columns as o where o.sequence = c.oid)
),

functions as (
    select f.*, s.nspname || '.' || f.proname as name
    from pg_catalog.pg_proc as f
    inner join schemas as s on f.pronamespace = s.oid
    where
        not exists (
            select from extended as e where e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and e.objid = f.oid
        )
),

-- Enums, domains, ranges, and those that are made of columns and are no table's.
types as (
    select t.*, s.nspname, s.nspname || '.' || t.typname as name
    from pg_catalog.pg_type as t
    inner join schemas as s on t.typnamespace = s.oid
    where t.typtype in ('e', 'd', 'r') or t.typrelid in (select c.oid from pg_catalog.pg_class as c where c.relkind = 'c')
),

-- What is no table, by the name that a report gives it, and who may do what with it.
others as (
    select
        'pg_catalog.pg_proc'::pg_catalog.regclass as classid, f.oid, 'function ' || f.name as label,
        f.oid::pg_catalog.regprocedure::text as identity, f.proowner as owner,
        coalesce(f.proacl, pg_catalog.acldefault('f', f.proowner)) as acl
    from functions as f

    union all

    select
        'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 'type ' || t.name, null, t.typowner,
        coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))
    from types as t

    union all

    select
        'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid, 'schema ' || n.nspname, null, n.nspowner,
        coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))
    from pg_catalog.pg_namespace as n
    where n.oid in (select oid from schemas)

    union all

    select
        'pg_catalog.pg_database'::pg_catalog.regclass, d.oid, 'database itself', null, d.datdba,
        coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))
    from pg_catalog.pg_database as d
    where d.datname = pg_catalog.current_database()

    union all

    select
        'pg_catalog.pg_foreign_server'::pg_catalog.regclass, f.oid, 'foreign server ' || f.srvname, null, f.srvowner,
        coalesce(f.srvacl, pg_catalog.acldefault('S', f.srvowner))
    from pg_catalog.pg_foreign_server as f

    union all

    select
        'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 'sequence ' || c.name, null, c.relowner,
        coalesce(c.relacl, pg_catalog.acldefault('s', c.relowner))
    from sequences as c

    union all

    -- Of one that counts for a column, what may be done with it beside adding a row.
    select
        'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, o.counter, null, c.relowner,
        coalesce(c.relacl, pg_catalog.acldefault('s', c.relowner))
    from sequences_of_columns as o
    inner join pg_catalog.pg_class as c on o.sequence = c.oid
),

-- Why an index may refuse a row that was taken without it.
refusals as (
    select
        i.indexrelid,
        case
            when i.indexprs is not null then 'computes what it holds'
            when exists (
                select from pg_catalog.regexp_matches(i.indpred::text, '\{([A-Z]+)|:opno (\d+)', 'g') as m (found)
                where
                    m.found[1] not in (
                        'NULLTEST', 'BOOLEANTEST', 'BOOLEXPR', 'VAR', 'CONST', 'RELABELTYPE', 'OPEXPR', 'SCALARARRAYOPEXPR', 'ARRAY', 'ARRAYEXPR'
                    )
                    -- Postgres' own by which values are compared refuse none.
                    or m.found[2] not in (
                        select p.oid::text
                        from pg_catalog.pg_operator as p
                        inner join pg_catalog.pg_proc as q on p.oprcode = q.oid
                        where q.pronamespace = 'pg_catalog'::pg_catalog.regnamespace and q.proname ~ '(eq|ne|lt|le|gt|ge)$'
                    )
            ) then 'computes which rows it holds'
            -- An entry may take a third of a page, 2704 bytes with its header.
            when (
                select pg_catalog.bool_or(w.bytes is null) or pg_catalog.sum(w.bytes) > 2600
                from pg_catalog.pg_attribute as a
                inner join pg_catalog.pg_type as t on a.atttypid = t.oid
                left join pg_catalog.pg_type as b on t.typbasetype = b.oid
                left join pg_catalog.pg_range as g on coalesce(b.oid, t.oid) = g.rngtypid
                left join pg_catalog.pg_type as s on g.rngsubtype = s.oid
                left join pg_catalog.pg_opclass as o on i.indclass[a.attnum - 1] = o.oid and a.attnum <= i.indnkeyatts
                cross join lateral (
                    select
                        coalesce(nullif(t.typtypmod, -1), a.atttypmod) as typmod,
                        coalesce(b.oid, t.oid) as type,
                        coalesce(b.typlen, t.typlen) as length
                ) as y
                cross join lateral (
                    select
                        case
                            when y.length > 0 then y.length
                            -- What a name becomes.
                            when y.length = -2 then 64
                            when y.type in ('pg_catalog.inet'::pg_catalog.regtype, 'pg_catalog.cidr'::pg_catalog.regtype) then 24
                            when s.typlen > 0 then 2 * s.typlen + 8
                            when
                                y.typmod > 0
                                and y.type in ('pg_catalog.varchar'::pg_catalog.regtype, 'pg_catalog.bpchar'::pg_catalog.regtype)
                                then 4 * y.typmod
                            -- A thousand digits.
                            when y.typmod > 0 and y.type = 'pg_catalog.numeric'::pg_catalog.regtype then 512
                            -- They are cut up, or their words are.
                            when (select m.amname from pg_catalog.pg_am as m where m.oid = o.opcmethod) = 'spgist' then 0
                            when
                                (select m.amname from pg_catalog.pg_am as m where m.oid = o.opcmethod) = 'gin'
                                and o.opcintype in ('pg_catalog.jsonb'::pg_catalog.regtype, 'pg_catalog.tsvector'::pg_catalog.regtype)
                                then 0
                        end as bytes
                ) as w
                where a.attrelid = i.indexrelid
            ) then 'holds what may be too long for it'
        end as reason
    from pg_catalog.pg_index as i
),

-- What a generated column or an index computes of a row, and why it may raise an error there for what somebody writes.
computed as (
    select
        e.kind, e.name, e.relid,
        case
            when exists (
                select from pg_catalog.regexp_matches(e.nodes, ':resulttype (\d+) :resultcollid \d+ :coerceformat', 'g') as m (found)
                inner join pg_catalog.pg_type as t on m.found[1]::pg_catalog.oid = t.oid
                where t.typcategory <> 'S'
            ) or exists (
                select from pg_catalog.regexp_matches(e.nodes, ':funcid (\d+)', 'g') as m (found)
                inner join pg_catalog.pg_cast as k on m.found[1]::pg_catalog.oid = k.castfunc
                inner join pg_catalog.pg_type as s on k.castsource = s.oid
                inner join pg_catalog.pg_type as t on k.casttarget = t.oid
                where (s.typcategory = 'S' or s.typname in ('json', 'jsonb')) and t.typcategory <> 'S'
            ) then 'makes another type of a text or of JSON'
            when exists (
                select from pg_catalog.regexp_matches(e.nodes, ':funcid (\d+)', 'g') as m (found)
                inner join pg_catalog.pg_proc as p on m.found[1]::pg_catalog.oid = p.oid
                where p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace and p.proname in ('to_date', 'to_timestamp', 'to_number')
            ) then 'reads a date or a number from a text'
            -- What is no number among the constants says nothing of a division.
            when
                pg_catalog.regexp_replace(e.said, '''[^'']*[^0-9.''][^'']*''', '''''', 'g') ~ ' [/%] (?!\(*''?[1-9]|NULLIF\()'
                then 'divides'
            when exists (
                select from pg_catalog.regexp_matches(e.nodes, ':funcid (\d+)', 'g') as m (found)
                inner join pg_catalog.pg_proc as p on m.found[1]::pg_catalog.oid = p.oid
                where
                    p.prosrc ~* '\mraise\s+(exception|sqlstate|''|[a-z_]+\s*(;|using))|::\s*(small|big)?(int|numeric|decimal|real|double|float|date|time|uuid|json|bool|inet)|\mcast\s*\('
                    and not exists (
                        select from pg_catalog.pg_depend as d
                        where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e'
                    )
            ) then 'calls a function that casts or raises an error'
        end as reason
    from (
        select
            'generated column' as kind, a.attname as name, d.adrelid as relid, d.adbin::text as nodes,
            pg_catalog.pg_get_expr(d.adbin, d.adrelid) as said
        from pg_catalog.pg_attrdef as d
        inner join pg_catalog.pg_attribute as a on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attgenerated <> ''

        union all

        select
            case when i.indisunique then 'unique index' else 'index' end, c.relname, i.indrelid, pg_catalog.concat(i.indexprs, i.indpred),
            pg_catalog.concat_ws(', ', pg_catalog.pg_get_expr(i.indexprs, i.indrelid), pg_catalog.pg_get_expr(i.indpred, i.indrelid))
        from pg_catalog.pg_index as i
        inner join pg_catalog.pg_class as c on i.indexrelid = c.oid
        where i.indexprs is not null or i.indpred is not null
    ) as e
),

objects as (
    select
        'constraint' as kind, k.conname::text as name, r.oid as relid,
        pg_catalog.concat_ws(' ', pg_catalog.pg_get_constraintdef(k.oid), k.convalidated) as written,
        pg_catalog.concat_ws(
            ' ', k.contype, k.conkey, k.confrelid, k.confkey, k.confupdtype, k.confdeltype, k.confmatchtype, k.condeferrable,
            k.condeferred, k.convalidated, pg_catalog.regexp_replace(k.conbin::text, ':location -?\d+', '', 'g'), k.conexclop,
            -- As JSON, because the majors know different columns.
            k.connoinherit, j.said -> 'confdelsetcols', j.said -> 'conperiod', j.said -> 'conenforced',
            (
                select pg_catalog.to_jsonb(i) -> 'indnullsnotdistinct'
                from pg_catalog.pg_index as i
                where i.indexrelid = k.conindid and k.contype = 'u'
            ),
            -- What an exclusion constraint compares, and of which rows.
            (
                select pg_catalog.regexp_replace(pg_catalog.concat(i.indexprs, i.indpred), ':location -?\d+', '', 'g')
                from pg_catalog.pg_index as i
                where i.indexrelid = k.conindid and k.contype = 'x'
            )
        ) as parts,
        k.conkey::text as place
    from pg_catalog.pg_constraint as k
    inner join relations as r on k.conrelid = r.oid
    cross join lateral (select pg_catalog.to_jsonb(k) as said) as j
    -- A trigger that is one is told as a trigger, and so is a column that may not be null.
    where k.contype not in ('t', 'n')

    union all

    -- What a constraint does not say: that no two rows are alike.
    select
        'unique index', c.relname, r.oid,
        -- Without its name.
        pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), '^CREATE UNIQUE INDEX .*? ON ', ''),
        pg_catalog.concat_ws(
            ' ', i.indkey, i.indclass, i.indcollation, i.indoption, i.indnkeyatts,
            pg_catalog.to_jsonb(i) -> 'indnullsnotdistinct',
            pg_catalog.regexp_replace(pg_catalog.concat(i.indexprs, i.indpred), ':location -?\d+', '', 'g')
        ),
        case when i.indexprs is null and i.indpred is null then i.indkey::text end
    from pg_catalog.pg_index as i
    inner join pg_catalog.pg_class as c on i.indexrelid = c.oid
    inner join relations as r on i.indrelid = r.oid
    where
        i.indisunique
        and not exists (select from pg_catalog.pg_constraint as k where k.conindid = i.indexrelid)

    union all

    select
        'not null', a.attname, r.oid, a.attname, a.attnum::text, null
    from pg_catalog.pg_attribute as a
    inner join relations as r on a.attrelid = r.oid
    where a.attnotnull and a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p')

    union all

    select
        case when a.attgenerated = '' then 'default' else 'generated column' end, a.attname, r.oid,
        -- The same value under another type.
        pg_catalog.concat_ws(
            ' ', a.attname,
            pg_catalog.regexp_replace(
                pg_catalog.pg_get_expr(d.adbin, d.adrelid), '^\((.*)\)$|::[\w ."\[\]]+', '\1', 'g'
            )
        ),
        pg_catalog.concat_ws(' ', a.attnum, pg_catalog.regexp_replace(d.adbin::text, ':location -?\d+', '', 'g')),
        null
    from pg_catalog.pg_attrdef as d
    inner join pg_catalog.pg_attribute as a on d.adrelid = a.attrelid and d.adnum = a.attnum
    inner join relations as r on a.attrelid = r.oid
    where r.relkind in ('r', 'p', 'f', 'v')

    union all

    select 'identity', a.attname, r.oid, pg_catalog.concat(a.attname, a.attidentity), pg_catalog.concat(a.attnum, a.attidentity), null
    from pg_catalog.pg_attribute as a
    inner join relations as r on a.attrelid = r.oid
    where a.attidentity <> '' and not a.attisdropped

    union all

    select
        'trigger', t.tgname, r.oid,
        pg_catalog.concat_ws(' ', pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled),
        pg_catalog.concat_ws(
            ' ', t.tgfoid, t.tgtype, t.tgenabled, t.tgattr, t.tgargs, t.tgdeferrable, t.tginitdeferred, t.tgoldtable, t.tgnewtable,
            pg_catalog.regexp_replace(t.tgqual::text, ':location -?\d+', '', 'g')
        ),
        null
    from pg_catalog.pg_trigger as t
    inner join relations as r on t.tgrelid = r.oid
    where not t.tgisinternal

    union all

    select
        case when w.rulename = '_RETURN' then 'view' else 'rule' end,
        case when w.rulename <> '_RETURN' then w.rulename::text end,
        r.oid,
        pg_catalog.concat_ws(
            ' ', case when w.rulename = '_RETURN' then pg_catalog.pg_get_viewdef(r.oid) else pg_catalog.pg_get_ruledef(w.oid) end,
            w.ev_enabled, r.options
        ),
        pg_catalog.concat_ws(' ', w.oid, w.ev_action::text, w.ev_qual::text, w.ev_enabled, r.options),
        null
    from pg_catalog.pg_rewrite as w
    inner join relations as r on w.ev_class = r.oid

    union all

    -- What a view that is made again may forget, though it is declared. Whose readers have rights of their own needs no barrier.
    select 'option', q.name, r.oid, pg_catalog.concat_ws(' ', q.name, q.value), null, q.value
    from relations as r
    cross join lateral (
        select coalesce(pg_catalog.jsonb_object_agg(o.option_name, pg_catalog.lower(o.option_value)), '{}') as said
        from pg_catalog.pg_options_to_table(r.reloptions) as o
    ) as o
    cross join lateral (
        select
            (o.said ->> 'security_barrier')::pg_catalog.bool as is_barrier,
            (o.said ->> 'security_invoker')::pg_catalog.bool as is_invoker
    ) as y
    cross join lateral (
        values
        ('security_barrier', case when y.is_barrier then 'on' when y.is_invoker then 'not needed' else 'off' end),
        ('security_invoker', case when y.is_invoker then 'on' else 'off' end),
        ('check_option', coalesce(o.said ->> 'check_option', 'off'))
    ) as q (name, value)
    where r.relkind = 'v'

    union all

    select
        'policy', p.polname, r.oid,
        pg_catalog.concat_ws(
            ' ', p.polname, p.polcmd, p.polpermissive,
            (select pg_catalog.array_agg(m::pg_catalog.regrole::text order by 1) from pg_catalog.unnest(p.polroles) as m),
            'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
            'with check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
        ),
        pg_catalog.concat_ws(
            ' ', p.polcmd, p.polpermissive, p.polroles,
            pg_catalog.regexp_replace(pg_catalog.concat(p.polqual, ' check ', p.polwithcheck), ':location -?\d+', '', 'g')
        ),
        -- Roles that it is for, but those whom no policy stops.
        (
            select pg_catalog.string_agg(coalesce(g.rolname, 'public'), ',' order by g.rolname)
            from pg_catalog.unnest(p.polroles) as m
            left join pg_catalog.pg_roles as g on m = g.oid
            where g.oid is null or not (g.rolbypassrls or g.rolsuper)
        )
    from pg_catalog.pg_policy as p
    inner join relations as r on p.polrelid = r.oid

    union all

    select
        'property', q.name, r.oid, pg_catalog.concat(q.name, q.value), pg_catalog.concat(q.name, q.value),
        case q.name
            when 'owner' then pg_catalog.pg_get_userbyid(r.relowner)
            when 'row level security' then r.relrowsecurity::text
            when 'parents' then (
                select pg_catalog.json_agg(n.nspname || '.' || p.relname order by h.inhseqno)::text
                from pg_catalog.pg_inherits as h
                inner join pg_catalog.pg_class as p on h.inhparent = p.oid
                inner join pg_catalog.pg_namespace as n on p.relnamespace = n.oid
                where h.inhrelid = r.oid and not r.relispartition
            )
        end
    from relations as r
    cross join lateral (
        values
        ('owner', r.relowner::pg_catalog.regrole::text),
        -- One that is logged from now on outlives a crash.
        ('persistence', case r.relpersistence when 'p' then 'permanent' end),
        ('row level security', pg_catalog.concat(r.relrowsecurity, r.relforcerowsecurity)),
        (
            'replica identity',
            case
                when r.relkind in ('r', 'p') then pg_catalog.concat_ws(
                    ' ', r.relreplident,
                    (
                        select pg_catalog.string_agg(a.attname, ',' order by a.attnum)
                        from pg_catalog.pg_index as i
                        inner join pg_catalog.pg_attribute as a on i.indrelid = a.attrelid and a.attnum = any(i.indkey)
                        where i.indrelid = r.oid and i.indisreplident
                    )
                )
            end
        ),
        ('place among its partitions', pg_catalog.pg_get_expr(r.relpartbound, r.oid)),
        (
            'parents',
            (
                select pg_catalog.string_agg(h.inhparent::pg_catalog.regclass::text, ',' order by h.inhseqno)
                from pg_catalog.pg_inherits as h
                where h.inhrelid = r.oid
            )
        ),
        -- Those of a view belong to what it shows.
        ('storage parameters', case when r.relkind <> 'v' then r.options::text end)
    ) as q (name, value)
    where q.value is not null

    union all

    select
        'privilege', pg_catalog.concat_ws(' ', x.privilege_type, '(' || a.attname || ')', 'of', coalesce(g.rolname, 'public')),
        r.oid,
        pg_catalog.concat_ws(' ', x.privilege_type, a.attname, coalesce(g.rolname, 'public')),
        pg_catalog.concat_ws(' ', x.privilege_type, a.attnum, x.grantee),
        -- The rows that policies let a role reach by it.
        case
            when
                not r.relrowsecurity or g.oid is null or g.rolsuper or g.rolbypassrls
                or pg_catalog.pg_has_role(g.oid, r.relowner, 'usage')
                then 'every row'
            else (
                select
                    case
                        when pg_catalog.bool_or(p.polpermissive) is not true then 'no row'
                        when
                            pg_catalog.bool_and(p.polpermissive)
                            and pg_catalog.bool_or(
                                pg_catalog.pg_get_expr(
                                    case x.privilege_type when 'INSERT' then coalesce(p.polwithcheck, p.polqual) else p.polqual end, r.oid
                                ) = 'true'
                            )
                            then 'every row'
                        else 'rows of which policies decide'
                    end
                from pg_catalog.pg_policy as p
                where
                    p.polrelid = r.oid
                    and p.polcmd::text in (
                        '*', case x.privilege_type when 'SELECT' then 'r' when 'INSERT' then 'a' when 'UPDATE' then 'w' when 'DELETE' then 'd' end
                    )
                    and exists (
                        select from pg_catalog.unnest(p.polroles) as m
                        where case when m = 0 then true else pg_catalog.pg_has_role(g.oid, m, 'usage') end
                    )
            )
        end
    from relations as r
    cross join lateral (
        select r.relacl as acl, null::pg_catalog.pg_attribute as attribute
        union all
        select c.attacl, c
        from pg_catalog.pg_attribute as c
        where c.attrelid = r.oid and c.attacl is not null and not c.attisdropped
    ) as o
    cross join lateral pg_catalog.aclexplode(o.acl) as x
    left join pg_catalog.pg_attribute as a on a.attrelid = r.oid and a.attnum = (o.attribute).attnum
    left join pg_catalog.pg_roles as g on x.grantee = g.oid
    where x.grantee <> r.relowner

    union all

    -- Of what is no table: told of what it is of, by the name that this has here.
    select
        'privilege', pg_catalog.concat_ws(' ', x.privilege_type, 'of', coalesce(g.rolname, 'public')), null,
        pg_catalog.concat_ws(' ', o.label, o.identity, x.privilege_type, x.grantee),
        pg_catalog.concat_ws(' ', o.oid, x.privilege_type, x.grantee),
        o.label
    from others as o
    cross join lateral pg_catalog.aclexplode(o.acl) as x
    left join pg_catalog.pg_roles as g on x.grantee = g.oid
    where x.grantee <> o.owner and coalesce(g.rolname, '') !~ '^schema_fix_'

    union all

    -- Whoever may add a row must be able to take the next number.
    select
        'next number', 'for ' || g.rolname, null,
        pg_catalog.concat_ws(' ', o.name, o.attname, g.rolname),
        pg_catalog.concat_ws(' ', o.sequence, g.rolname),
        'sequence of ' || o.attname || ' on ' || o.name
    from sequences_of_columns as o
    cross join pg_catalog.pg_roles as g
    where
        not o.is_identity and not g.rolsuper and g.rolname !~ '^(pg|schema_fix)_'
        and (
            pg_catalog.has_sequence_privilege(g.oid, o.sequence, 'usage')
            or not pg_catalog.has_any_column_privilege(g.oid, o.relid, 'insert')
        )

    union all

    -- Data APIs read directives in them.
    select
        'comment', 'itself', null, pg_catalog.concat_ws(e'\n', o.label, o.identity, d.description),
        pg_catalog.concat_ws(' ', o.oid, d.description), o.label
    from pg_catalog.pg_description as d
    inner join others as o on d.objoid = o.oid and d.classoid = o.classid
    where d.objsubid = 0 and o.classid <> 'pg_catalog.pg_database'::pg_catalog.regclass

    union all

    -- As JSON, because the majors know different columns: row filters and lists of columns came with 15.
    select
        'publication', p.pubname, r.oid,
        pg_catalog.concat_ws(
            ' ', p.pubname,
            (
                select pg_catalog.to_jsonb(t)
                from pg_catalog.pg_publication_tables as t
                where t.pubname = p.pubname and t.schemaname || '.' || t.tablename = r.name
            )
        ),
        pg_catalog.concat_ws(' ', p.oid, pg_catalog.to_jsonb(m) - 'oid'),
        null
    from pg_catalog.pg_publication_rel as m
    inner join pg_catalog.pg_publication as p on m.prpubid = p.oid
    inner join relations as r on m.prrelid = r.oid

    union all

    select
        'comment', coalesce(a.attname, 'itself'), r.oid, pg_catalog.concat_ws(' ', a.attname, d.description),
        pg_catalog.concat_ws(' ', d.objsubid, d.description),
        -- `@omit`, `@name fees`, `@graphql({"totalCount": {"enabled": true}})`: PostGraphile and pg_graphql do what they say.
        case when d.description ~ '(?n)^\s*@\w|@graphql' then 'directive' end
    from pg_catalog.pg_description as d
    inner join relations as r on d.objoid = r.oid and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
    left join pg_catalog.pg_attribute as a on a.attrelid = r.oid and a.attnum = d.objsubid and a.attnum > 0

    union all

    select
        'publication', p.pubname, null,
        (pg_catalog.to_jsonb(p) - 'oid')::text,
        pg_catalog.concat_ws(' ', p.oid, pg_catalog.to_jsonb(p) - 'oid' - 'pubname'), null
    from pg_catalog.pg_publication as p

    union all

    select
        'function', f.name, null,
        pg_catalog.concat_ws(
            ' ', f.proowner::pg_catalog.regrole, f.oid::pg_catalog.regprocedure,
            case when f.prokind = 'a' then (select pg_catalog.to_jsonb(g) from pg_catalog.pg_aggregate as g where g.aggfnoid = f.oid)::text
                else pg_catalog.pg_get_functiondef(f.oid) end
        ),
        pg_catalog.concat_ws(
            ' ', pg_catalog.to_jsonb(f) - array['proacl', 'name'],
            (select pg_catalog.to_jsonb(g) from pg_catalog.pg_aggregate as g where g.aggfnoid = f.oid)
        ),
        pg_catalog.pg_get_userbyid(f.proowner)
    from functions as f

    union all

    select
        'type', t.name, null,
        pg_catalog.concat_ws(
            ' ', t.nspname, t.typname, t.typtype, t.typowner::pg_catalog.regrole, pg_catalog.format_type(t.typbasetype, t.typtypmod),
            t.typnotnull, 'default ' || t.typdefault,
            (
                select pg_catalog.string_agg(e.enumlabel, ',' order by e.enumsortorder)
                from pg_catalog.pg_enum as e
                where e.enumtypid = t.oid
            ),
            (
                select pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(k.oid), ',' order by k.oid)
                from pg_catalog.pg_constraint as k
                where k.contypid = t.oid
            ),
            (
                select pg_catalog.string_agg(
                    pg_catalog.concat_ws(' ', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attcollation), ',' order by a.attnum
                )
                from pg_catalog.pg_attribute as a
                where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
            )
        ),
        null, null
    from types as t

    union all

    select
        'sequence', c.name, null,
        pg_catalog.concat_ws(' ', c.relowner::pg_catalog.regrole, (pg_catalog.to_jsonb(q) - 'seqrelid')::text),
        pg_catalog.concat_ws(' ', c.oid, c.relowner, pg_catalog.to_jsonb(q) - 'seqrelid'), null
    from pg_catalog.pg_sequence as q
    inner join sequences as c on q.seqrelid = c.oid

    union all

    select 'sequence of', o.attname, o.relid, o.attname, o.attnum::text, o.sequence::pg_catalog.regclass::text
    from sequences_of_columns as o
    where not o.is_identity

    union all

    -- How a column counts; the type follows that of the column.
    select
        'numbering', o.attname, o.relid,
        pg_catalog.concat_ws(' ', o.attname, q.seqincrement, q.seqmin, n.last, q.seqcycle),
        pg_catalog.concat_ws(' ', o.attnum, q.seqincrement, q.seqmin, n.last, q.seqcycle), o.counter
    from pg_catalog.pg_sequence as q
    cross join lateral (
        -- The last of a type is another under another type.
        select case when q.seqmax not in (32767, 2147483647, 9223372036854775807) then q.seqmax end as last
    ) as n
    inner join sequences_of_columns as o on q.seqrelid = o.sequence

    union all

    select 'type of', a.attname, r.oid, pg_catalog.concat_ws(' ', a.attname, t.name), pg_catalog.concat_ws(' ', a.attnum, t.name), t.name
    from pg_catalog.pg_attribute as a
    inner join relations as r on a.attrelid = r.oid
    cross join lateral (select pg_catalog.format_type(a.atttypid, a.atttypmod) as name) as t
    where r.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped

    union all

    -- The place of a column, in which others read and write it who name none.
    select 'order of columns', null, r.oid, c.names, c.numbers, null
    from relations as r
    cross join lateral (
        select
            pg_catalog.json_agg(a.attname order by a.attnum)::text as names,
            pg_catalog.string_agg(a.attnum::text, ',' order by a.attnum) as numbers
        from pg_catalog.pg_attribute as a
        where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    ) as c
    where r.relkind in ('r', 'p')

    union all

    -- Functions with the rights of its owner see no row of it.
    select 'forced row level security', null, r.oid, 'on', null, null
    from relations as r
    where r.relforcerowsecurity or r.oid = any($1::pg_catalog.oid[])

    union all

    select
        'grant option', pg_catalog.concat_ws(' ', x.privilege_type, 'of', x.grantee::pg_catalog.regrole), r.oid,
        pg_catalog.concat_ws(' ', x.privilege_type, x.grantee), null, null
    from relations as r
    cross join lateral pg_catalog.aclexplode(r.relacl) as x
    where x.is_grantable and x.grantee <> r.relowner

    union all

    select
        'grant option', pg_catalog.concat_ws(' ', x.privilege_type, '(' || a.attname || ')', 'of', x.grantee::pg_catalog.regrole), r.oid,
        pg_catalog.concat_ws(' ', x.privilege_type, a.attname, x.grantee), pg_catalog.concat_ws(' ', x.privilege_type, a.attnum, x.grantee), null
    from pg_catalog.pg_attribute as a
    inner join relations as r on a.attrelid = r.oid
    cross join lateral pg_catalog.aclexplode(a.attacl) as x
    where x.is_grantable and x.grantee <> r.relowner

    union all

    select
        'grant option', pg_catalog.concat_ws(' ', x.privilege_type, 'of', x.grantee::pg_catalog.regrole), null,
        pg_catalog.concat_ws(' ', o.label, o.identity, x.privilege_type, x.grantee),
        pg_catalog.concat_ws(' ', o.oid, x.privilege_type, x.grantee), o.label
    from others as o
    cross join lateral pg_catalog.aclexplode(o.acl) as x
    inner join pg_catalog.pg_roles as g on x.grantee = g.oid
    where x.is_grantable and x.grantee <> o.owner and g.rolname !~ '^schema_fix_'

    union all

    -- Of what belongs to the server the place is which roles it is about.
    select
        'role', r.rolname, null, (pg_catalog.to_jsonb(r) - array['rolname', 'rolpassword', 'rolconfig'])::text, null,
        array[r.rolname]::text
    from pg_catalog.pg_roles as r
    where r.rolname !~ '^(pg|schema_fix)_'

    union all

    select 'comment on role', r.rolname, null, d.description, null, array[r.rolname]::text
    from pg_catalog.pg_shdescription as d
    inner join pg_catalog.pg_roles as r on d.objoid = r.oid and d.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass
    where r.rolname !~ '^(pg|schema_fix)_'

    union all

    select 'security label of role', r.rolname, null, pg_catalog.concat_ws(' ', l.provider, l.label), null, array[r.rolname]::text
    from pg_catalog.pg_shseclabel as l
    inner join pg_catalog.pg_roles as r on l.objoid = r.oid and l.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass
    where r.rolname !~ '^(pg|schema_fix)_'

    union all

    select 'security label of database', 'itself', null, pg_catalog.concat_ws(' ', l.provider, l.label), null, null
    from pg_catalog.pg_shseclabel as l
    inner join pg_catalog.pg_database as b on l.objoid = b.oid and l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
    where b.datname = pg_catalog.current_database()

    union all

    select 'comment on database', 'itself', null, d.description, null, null
    from pg_catalog.pg_shdescription as d
    inner join pg_catalog.pg_database as b on d.objoid = b.oid and d.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
    where b.datname = pg_catalog.current_database()

    union all

    -- By default names are looked up there first, as that role.
    select 'schema called as a role', n.nspname, null, n.nspname, null, null
    from pg_catalog.pg_namespace as n
    inner join pg_catalog.pg_roles as r on n.nspname = r.rolname
    where n.oid in (select oid from schemas)

    union all

    select
        'collation of', a.attname, r.oid, pg_catalog.concat_ws(' ', a.attname, a.attcollation),
        pg_catalog.concat_ws(' ', a.attnum, a.attcollation), null
    from pg_catalog.pg_attribute as a
    inner join relations as r on a.attrelid = r.oid
    where a.attcollation <> 0 and a.attnum > 0 and not a.attisdropped

    union all

    -- What is no constraint, but is missed by whoever waits.
    select
        'index', c.relname, r.oid,
        pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), '^CREATE INDEX .*? ON ', ''),
        pg_catalog.concat_ws(
            ' ', i.indkey, i.indclass, i.indcollation, i.indoption, i.indnkeyatts, c.relam,
            pg_catalog.regexp_replace(pg_catalog.concat(i.indexprs, i.indpred), ':location -?\d+', '', 'g')
        ),
        f.reason
    from pg_catalog.pg_index as i
    inner join pg_catalog.pg_class as c on i.indexrelid = c.oid
    inner join refusals as f on i.indexrelid = f.indexrelid
    inner join relations as r on i.indrelid = r.oid
    where
        not i.indisunique
        and not exists (select from pg_catalog.pg_constraint as k where k.conindid = i.indexrelid)

    union all

    select
        'statistics', t.stxname, r.oid, pg_catalog.pg_get_statisticsobjdef(t.oid),
        pg_catalog.concat_ws(' ', t.stxkeys, t.stxkind, pg_catalog.regexp_replace(t.stxexprs::text, ':location -?\d+', '', 'g')), null
    from pg_catalog.pg_statistic_ext as t
    inner join relations as r on t.stxrelid = r.oid

    union all

    -- By all that the catalog says of it.
    select
        o.kind, coalesce(s.nspname || '.', '') || o.name, null,
        (o.said - 'oid')::text, null, null
    from (
        -- Numbers would be others each time they are made.
        select 'operator' as kind, p.oprnamespace as namespace, p.oprname::text as name,
            pg_catalog.to_jsonb(p) || pg_catalog.jsonb_build_object(
                'oprcom', p.oprcom::pg_catalog.regoperator, 'oprnegate', p.oprnegate::pg_catalog.regoperator
            ) as said,
            'pg_operator' as catalog, p.oid
        from pg_catalog.pg_operator as p
        union all
        select 'operator class', p.opcnamespace, p.opcname || ' for ' || a.amname,
            pg_catalog.to_jsonb(p) || pg_catalog.jsonb_build_object(
                'opcnamespace', p.opcnamespace::pg_catalog.regnamespace, 'opcintype', p.opcintype::pg_catalog.regtype,
                'opckeytype', p.opckeytype::pg_catalog.regtype, 'opcfamily', f.opfname
            ),
            'pg_opclass', p.oid
        from pg_catalog.pg_opclass as p
        inner join pg_catalog.pg_opfamily as f on p.opcfamily = f.oid
        inner join pg_catalog.pg_am as a on p.opcmethod = a.oid
        union all
        select 'text search configuration', p.cfgnamespace, p.cfgname::text,
            pg_catalog.to_jsonb(p) || pg_catalog.jsonb_build_object(
                'map', (
                    select pg_catalog.jsonb_agg(pg_catalog.concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::pg_catalog.regdictionary) order by m.maptokentype, m.mapseqno)
                    from pg_catalog.pg_ts_config_map as m where m.mapcfg = p.oid
                )
            ),
            'pg_ts_config', p.oid
        from pg_catalog.pg_ts_config as p
        union all
        select 'text search dictionary', p.dictnamespace, p.dictname::text, pg_catalog.to_jsonb(p), 'pg_ts_dict', p.oid
        from pg_catalog.pg_ts_dict as p
        union all
        select 'collation', p.collnamespace, p.collname::text, pg_catalog.to_jsonb(p), 'pg_collation', p.oid
        from pg_catalog.pg_collation as p
        union all
        select 'conversion', p.connamespace, p.conname::text, pg_catalog.to_jsonb(p), 'pg_conversion', p.oid
        from pg_catalog.pg_conversion as p
        union all
        select 'language', null, p.lanname::text, pg_catalog.to_jsonb(p), 'pg_language', p.oid
        from pg_catalog.pg_language as p
        union all
        select 'foreign server', null, p.srvname::text, pg_catalog.to_jsonb(p) - 'srvacl', 'pg_foreign_server', p.oid
        from pg_catalog.pg_foreign_server as p
    ) as o
    left join schemas as s on o.namespace = s.oid
    where
        o.oid >= 16384
        and (o.namespace is null or s.oid is not null)
        and not exists (
            select from extended as e where e.classid = ('pg_catalog.' || o.catalog)::pg_catalog.regclass and e.objid = o.oid
        )

    union all

    select
        'database', 'itself', null,
        pg_catalog.concat_ws(' ', d.datdba, d.datallowconn, d.datconnlimit), null, null
    from pg_catalog.pg_database as d
    where d.datname = pg_catalog.current_database()

    union all

    -- Values might be written in another way.
    select
        'cast', pg_catalog.format('from %s to %s', k.castsource::pg_catalog.regtype, k.casttarget::pg_catalog.regtype), null,
        (pg_catalog.to_jsonb(k) - array['oid', 'castsource', 'casttarget'] || pg_catalog.jsonb_build_object('castfunc', k.castfunc::pg_catalog.regprocedure))::text,
        null, null
    from pg_catalog.pg_cast as k
    where
        k.oid >= 16384
        and not exists (
            select from extended as e where e.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass and e.objid = k.oid
        )

    union all

    -- Of roles that the deployer has a say in: the others belong to the whole server.
    select
        'membership', pg_catalog.format('of %s in %s', k.member::pg_catalog.regrole, k.roleid::pg_catalog.regrole), null,
        pg_catalog.concat_ws(' ', k.member, k.roleid, pg_catalog.bool_or(k.admin_option)), null,
        array[r.rolname, g.rolname]::text
    from pg_catalog.pg_auth_members as k
    inner join pg_catalog.pg_roles as r on k.member = r.oid
    inner join pg_catalog.pg_roles as g on k.roleid = g.oid
    where r.rolname !~ '^schema_fix_'
    group by k.member, k.roleid, r.rolname, g.rolname

    union all

    select
        'event trigger', e.evtname, null,
        pg_catalog.concat_ws(' ', e.evtname, e.evtevent, e.evtfoid::pg_catalog.regprocedure, e.evtenabled, e.evttags), null, null
    from pg_catalog.pg_event_trigger as e

    union all

    select
        'default privilege',
        pg_catalog.concat_ws(' ', 'of', d.defaclrole::pg_catalog.regrole, 'on', d.defaclobjtype, 'in ' || s.nspname), null,
        pg_catalog.concat_ws(
            ' ', d.defaclrole, d.defaclobjtype, s.nspname,
            (select pg_catalog.array_agg(a::text order by a::text) from pg_catalog.unnest(d.defaclacl) as a)
        ),
        null, null
    from pg_catalog.pg_default_acl as d
    left join schemas as s on d.defaclnamespace = s.oid

    union all

    select
        'setting', pg_catalog.concat_ws(' ', 'of', coalesce(r.rolname, 'everybody'), case when s.setdatabase = 0 then 'everywhere' else 'here' end),
        null, pg_catalog.concat_ws(' ', s.setrole, s.setdatabase, s.setconfig), null,
        case when r.rolname is not null then array[r.rolname]::text end
    from pg_catalog.pg_db_role_setting as s
    left join pg_catalog.pg_roles as r on s.setrole = r.oid
    where
        s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
        and coalesce(r.rolname, '') !~ '^schema_fix_'

    union all

    select
        'schema', nspname, null, pg_catalog.concat_ws(' ', n.nspname, n.nspowner::pg_catalog.regrole),
        pg_catalog.concat_ws(' ', n.oid, n.nspowner), pg_catalog.pg_get_userbyid(n.nspowner)
    from pg_catalog.pg_namespace as n
    where n.oid in (select oid from schemas)

    union all

    select 'extension', extname, null, pg_catalog.concat_ws(' ', extname, extversion), null, null
    from pg_catalog.pg_extension
)

select
    o.kind,
    coalesce(o.name, '') as name,
    coalesce(r.name, case when o.kind in ('privilege', 'grant option', 'next number', 'comment') then o.place end) as relation,
    o.relid::text as relid,
    pg_catalog.md5(o.written) as written,
    pg_catalog.md5(coalesce(o.parts, o.written)) as parts,
    case when o.kind in ('constraint', 'unique index', 'sequence of', 'numbering') or (o.kind = 'privilege' and r.oid is not null) then o.place end as place,
    case when o.kind = 'index' then o.place end as refusal,
    m.reason as "raisesFor",
    coalesce(
        o.kind = 'comment'
        and case when r.oid is null then o.written ~ '(?n)^\s*@\w|@graphql' else o.place = 'directive' end, false
    ) as "isDirective",
    case o.kind
        when 'privilege' then pg_catalog.substring(o.name, '\mof (.*)$')
        when 'policy' then o.place
        when 'next number' then pg_catalog.substring(o.name, '^for (.*)$')
    end as role,
    case when o.kind in ('role', 'comment on role', 'security label of role', 'membership', 'setting') then o.place::text[] end as roles,
    case when o.kind in ('function', 'schema') or o.kind = 'property' and o.name = 'owner' then o.place end as owner,
    -- What can ask for something, or set something going.
    case
        -- It is told with that of the table that it is a partition of.
        when k.conparentid <> 0 then null
        -- A name before what it is of would be a call.
        when o.kind in ('policy', 'default', 'generated column')
            then pg_catalog.substr(o.written, pg_catalog.length(o.name) + 1)
        when
            o.kind in (
                'trigger', 'rule', 'view', 'function', 'constraint', 'type', 'operator', 'event trigger', 'index', 'unique index'
            )
            then o.written
        -- What they are, for whoever judges whether it may be another.
        when o.kind in ('type of', 'option') or o.kind = 'property' and o.name in ('parents', 'row level security') then o.place
        when o.kind = 'order of columns' then o.written
    end as said,
    case when o.kind in ('policy', 'rule', 'view') then o.parts end as nodes,
    k.confrelid::text as "references"
from objects as o
left join relations as r on o.relid = r.oid
left join computed as m on o.kind = m.kind and o.relid = m.relid and o.name = m.name
left join pg_catalog.pg_constraint as k on o.kind = 'constraint' and k.conrelid = o.relid and k.conname = o.name and k.contype = 'f'
