--! Title: When each definition was last written, of those whose names are given; only where track_commit_timestamp is on
with
relations as (
    select c.oid, c.relkind, c.xmin, pg_catalog.format('%I.%I', n.nspname, c.relname) as identity
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
),

written as (
    select
        case r.relkind
            when 'v' then 'view '
            when 'm' then 'materialized view '
            when 'S' then 'sequence '
            when 'i' then 'index '
            when 'I' then 'index '
            else 'table '
        end || r.identity as object,
        r.xmin as transaction
    from relations as r
    union all
    select 'constraint ' || pg_catalog.quote_ident(c.conname) || ' on ' || r.identity, c.xmin
    from pg_catalog.pg_constraint as c
    inner join relations as r on c.conrelid = r.oid
    union all
    select 'trigger ' || pg_catalog.quote_ident(t.tgname) || ' on ' || r.identity, t.xmin
    from pg_catalog.pg_trigger as t
    inner join relations as r on t.tgrelid = r.oid
    union all
    select 'policy ' || pg_catalog.quote_ident(p.polname) || ' on ' || r.identity, p.xmin
    from pg_catalog.pg_policy as p
    inner join relations as r on p.polrelid = r.oid
    union all
    select
        'function ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(f.proname)
        || '(' || pg_catalog.pg_get_function_identity_arguments(f.oid) || ')',
        f.xmin
    from pg_catalog.pg_proc as f
    inner join pg_catalog.pg_namespace as n on f.pronamespace = n.oid
)

select w.object, pg_catalog.pg_xact_commit_timestamp(w.transaction) as at
from written as w
where
    w.object = any($1::text[])
    and pg_catalog.current_setting('track_commit_timestamp') = 'on'
