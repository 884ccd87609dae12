--! Title: What there is of one kind that this role may see: its schema, its name, and how to write it. `$2`: of these relations, `$3`: of Postgres' own schemas, or of all others
with
schemas as (
    select n.oid, n.nspname
    from pg_catalog.pg_namespace as n
    where
        n.nspname !~ '^pg_(toast|temp)'
        and ((n.nspname in ('pg_catalog', 'information_schema')) = $3 or $1 = 'schema')
        and pg_catalog.has_schema_privilege(n.oid, 'usage')
),

relations as (
    select c.oid, c.relkind, n.nspname, c.relname
    from pg_catalog.pg_class as c
    inner join schemas as n on c.relnamespace = n.oid
    where
        c.relkind = 'i'
        or case
            when c.relkind = 'S' then pg_catalog.has_sequence_privilege(c.oid, 'usage, select, update')
            else
                pg_catalog.has_any_column_privilege(c.oid, 'select, insert, update, references')
                or pg_catalog.has_table_privilege(c.oid, 'delete, truncate, trigger')
        end
        or pg_catalog.pg_has_role(c.relowner, 'usage')
),

-- Postgres' own, and the columns that every table has, are nobody's typing error.
parts as (
    select 'column' as kind, r.relname, a.attname as name
    from relations as r
    inner join pg_catalog.pg_attribute as a on r.oid = a.attrelid
    where a.attnum > 0 and not a.attisdropped

    union all

    select 'constraint', r.relname, k.conname
    from relations as r
    inner join pg_catalog.pg_constraint as k on r.oid = k.conrelid

    union all

    select 'trigger', r.relname, t.tgname
    from relations as r
    inner join pg_catalog.pg_trigger as t on r.oid = t.tgrelid
    where not t.tgisinternal

    union all

    select 'policy', r.relname, p.polname
    from relations as r
    inner join pg_catalog.pg_policy as p on r.oid = p.polrelid
)

select
    nspname as schema,
    relname as name,
    pg_catalog.format('%I.%I', nspname, relname) as written
from relations
where $1 = case relkind when 'i' then 'index' else 'relation' end

union all

select n.nspname, p.proname, p.oid::pg_catalog.regprocedure::pg_catalog.text
from pg_catalog.pg_proc as p
inner join schemas as n on p.pronamespace = n.oid
where $1 = 'function' and pg_catalog.has_function_privilege(p.oid, 'execute')

union all

select n.nspname, t.typname, pg_catalog.format('%I.%I', n.nspname, t.typname)
from pg_catalog.pg_type as t
inner join schemas as n on t.typnamespace = n.oid
where $1 = 'type' and t.typelem = 0 and t.typtype in ('b', 'd', 'e', 'r', 'c')

union all

select null, nspname, pg_catalog.quote_ident(nspname)
from schemas
where $1 = 'schema'

union all

select null, rolname, pg_catalog.quote_ident(rolname)
from pg_catalog.pg_roles
where $1 = 'role'

union all

select null, name, pg_catalog.format('%I of %I', name, relname)
from parts
where $1 = kind and relname = any($2::pg_catalog.text[])
