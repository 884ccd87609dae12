--! Title: Catalog: one row for each object outside the system's schemas, with its whole definition as text, for people too
with
schemas as (
    select oid, nspname, nspowner, nspacl
    from pg_catalog.pg_namespace
    where
        nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        and nspname !~ '^pg_(toast_)?temp_'
),

relations as (
    select c.*, s.nspname, pg_catalog.format('%I.%I', s.nspname, c.relname) as identity
    from pg_catalog.pg_class as c
    inner join schemas as s on c.relnamespace = s.oid
),

objects as (
    select
        'schema ' || pg_catalog.quote_ident(nspname) as object,
        pg_catalog.concat_ws(' ', 'owner', nspowner::pg_catalog.regrole, 'privileges', nspacl) as definition
    from schemas

    union all

    select
        case r.relkind
            when 'v' then 'view '
            when 'm' then 'materialized view '
            when 'S' then 'sequence '
            when 'i' then 'index '
            when 'I' then 'index '
            else 'table '
        end || r.identity,
        pg_catalog.concat_ws(
            ' ',
            case
                when r.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(r.oid)
                when r.relkind in ('i', 'I') then pg_catalog.pg_get_indexdef(r.oid)
            end,
            case
                when i.indexrelid is not null
                    then pg_catalog.format(
                        'valid %s ready %s clustered %s replica identity %s',
                        i.indisvalid, i.indisready, i.indisclustered, i.indisreplident
                    )
            end,
            'kind', r.relkind, 'owner', r.relowner::pg_catalog.regrole, 'persistence', r.relpersistence,
            'row level security', r.relrowsecurity, 'forced', r.relforcerowsecurity,
            'replica identity', r.relreplident,
            (select pg_catalog.array_agg(o order by o) from pg_catalog.unnest(r.reloptions) as o), 'privileges',
            (select pg_catalog.array_agg(a::text order by a::text) from pg_catalog.unnest(r.relacl) as a),
            q.seqtypid::pg_catalog.regtype, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle,
            (
                select pg_catalog.format('owned by %s.%s', d.refobjid::pg_catalog.regclass, d.refobjsubid)
                from pg_catalog.pg_depend as d
                where
                    d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.objid = q.seqrelid
                    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.deptype in ('a', 'i')
            ),
            pg_catalog.pg_get_expr(r.relpartbound, r.oid),
            (
                select pg_catalog.array_agg(h.inhparent::pg_catalog.regclass::text order by h.inhseqno)
                from pg_catalog.pg_inherits as h
                where h.inhrelid = r.oid
            )
        )
    from relations as r
    left join pg_catalog.pg_index as i on r.oid = i.indexrelid
    left join pg_catalog.pg_sequence as q on r.oid = q.seqrelid
    where r.relkind in ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'f')

    union all

    select
        'column ' || r.identity || '.' || pg_catalog.quote_ident(a.attname),
        pg_catalog.concat_ws(
            ' ', pg_catalog.format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
            'default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), nullif(a.attidentity, ''), nullif(a.attgenerated, ''),
            'position', a.attnum,
            -- By its name: where it was restored, it has another number.
            'collation', (
                select pg_catalog.format('%I.%I', n.nspname, p.collname)
                from pg_catalog.pg_collation as p
                inner join pg_catalog.pg_namespace as n on p.collnamespace = n.oid
                where p.oid = a.attcollation
            ),
            'storage', a.attstorage, a.attoptions,
            'privileges ' || (
                select pg_catalog.array_agg(p::text order by p::text) from pg_catalog.unnest(a.attacl) as p
            )::text
        )
    from pg_catalog.pg_attribute as a
    inner join relations as r on a.attrelid = r.oid
    left join pg_catalog.pg_attrdef as d on a.attrelid = d.adrelid and a.attnum = d.adnum
    where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'v', 'm', 'f')

    union all

    select
        'constraint ' || pg_catalog.quote_ident(c.conname) || ' on ' || coalesce(r.identity, t.typname),
        pg_catalog.concat_ws(' ', pg_catalog.pg_get_constraintdef(c.oid), 'validated', c.convalidated)
    from pg_catalog.pg_constraint as c
    inner join schemas as s on c.connamespace = s.oid
    left join relations as r on c.conrelid = r.oid
    left join pg_catalog.pg_type as t on c.contypid = t.oid

    union all

    select
        'trigger ' || pg_catalog.quote_ident(t.tgname) || ' on ' || r.identity,
        pg_catalog.concat_ws(' ', pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled)
    from pg_catalog.pg_trigger as t
    inner join relations as r on t.tgrelid = r.oid
    where not t.tgisinternal

    union all

    select
        'rule ' || pg_catalog.quote_ident(w.rulename) || ' on ' || r.identity,
        pg_catalog.concat_ws(' ', pg_catalog.pg_get_ruledef(w.oid), w.ev_enabled)
    from pg_catalog.pg_rewrite as w
    inner join relations as r on w.ev_class = r.oid
    where w.rulename <> '_RETURN'

    union all

    select
        'policy ' || pg_catalog.quote_ident(p.polname) || ' on ' || r.identity,
        pg_catalog.concat_ws(
            ' ', 'command', p.polcmd, 'permissive', p.polpermissive, 'to',
            (select pg_catalog.array_agg(m::pg_catalog.regrole::text order by 1) from pg_catalog.unnest(p.polroles) as m),
            'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
            'with check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
        )
    from pg_catalog.pg_policy as p
    inner join relations as r on p.polrelid = r.oid

    union all

    select
        'function ' || pg_catalog.quote_ident(s.nspname) || '.' || pg_catalog.quote_ident(f.proname)
        || '(' || pg_catalog.pg_get_function_identity_arguments(f.oid) || ')',
        pg_catalog.concat_ws(
            E'\n',
            pg_catalog.concat_ws(
                ' ', 'owner', f.proowner::pg_catalog.regrole, 'privileges',
                (select pg_catalog.array_agg(a::text order by a::text) from pg_catalog.unnest(f.proacl) as a)
            ),
            case when f.prokind in ('f', 'p') then pg_catalog.pg_get_functiondef(f.oid) else f.prokind::text end
        )
    from pg_catalog.pg_proc as f
    inner join schemas as s on f.pronamespace = s.oid

    union all

    select
        'type ' || pg_catalog.quote_ident(s.nspname) || '.' || pg_catalog.quote_ident(t.typname),
        pg_catalog.concat_ws(
            ' ', t.typtype, t.typowner::pg_catalog.regrole, pg_catalog.format_type(t.typbasetype, t.typtypmod),
            t.typnotnull, t.typdefault,
            (select pg_catalog.array_agg(a::text order by a::text) from pg_catalog.unnest(t.typacl) as a),
            (
                select pg_catalog.string_agg(e.enumlabel, ',' order by e.enumsortorder)
                from pg_catalog.pg_enum as e
                where e.enumtypid = t.oid
            )
        )
    from pg_catalog.pg_type as t
    inner join schemas as s on t.typnamespace = s.oid
    where t.typtype in ('e', 'd', 'r')

    union all

    -- As JSON, because the majors know different columns: row filters and lists of columns came with 15.
    select
        'publication ' || pg_catalog.quote_ident(p.pubname),
        pg_catalog.concat_ws(
            ' ', p.pubowner::pg_catalog.regrole, pg_catalog.to_jsonb(p) - 'oid' - 'pubowner',
            (
                select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(t) order by t.schemaname, t.tablename)
                from pg_catalog.pg_publication_tables as t
                -- One for all tables has those of the prelude for as long as they are there, and those of the record.
                where t.pubname = p.pubname and t.schemaname not in ('schema_fix', 'schema_fix_history')
            )
        )
    from pg_catalog.pg_publication as p

    union all

    select
        'event trigger ' || pg_catalog.quote_ident(e.evtname),
        pg_catalog.concat_ws(' ', e.evtevent, e.evtfoid::pg_catalog.regprocedure, e.evtenabled, e.evttags)
    from pg_catalog.pg_event_trigger as e

    union all

    select
        'default privileges of ' || d.defaclrole::pg_catalog.regrole || ' on ' || d.defaclobjtype::text
        || coalesce(' in ' || s.nspname, ''),
        (select pg_catalog.array_agg(a::text order by a::text) from pg_catalog.unnest(d.defaclacl) as a)::text
    from pg_catalog.pg_default_acl as d
    left join schemas as s on d.defaclnamespace = s.oid

    union all

    select
        'extension ' || pg_catalog.quote_ident(x.extname),
        pg_catalog.concat_ws(' ', x.extversion, x.extnamespace::pg_catalog.regnamespace)
    from pg_catalog.pg_extension as x

    union all

    -- The system's own objects, whose numbers are below 16384, have thousands of comments; public is one of them.
    select
        pg_catalog.format('comment on %s %s', i.type, i.identity),
        d.description
    from pg_catalog.pg_description as d
    cross join lateral pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) as i
    where
        (d.objoid >= 16384 or d.objoid = 'public'::pg_catalog.regnamespace)
        and coalesce(i.schema, '') !~ '^pg_temp'
)

select object, pg_catalog.string_agg(definition, '|' order by definition) as definition
from objects
group by object
