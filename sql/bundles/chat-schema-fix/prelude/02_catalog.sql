--! Title: Tools that look into the catalog

-- Whether a table has a column.
create function schema_fix.has_column(target regclass, wanted name) returns boolean
language sql
stable
as $$
    select exists (select from pg_attribute where attrelid = target and attname = wanted and not attisdropped)
$$;

-- A table of the chat by its name, or null where there is none, or something else of its name, or somebody else's.
create function schema_fix.table_called(wanted name) returns regclass
language sql
stable
as $$
    select relation.oid::regclass
    from schema_fix.tables
    join pg_class as relation
        on relation.oid = to_regclass(format('public.%I', table_name))
        and relation.relkind = 'r'
    where table_name = wanted
$$;

-- Whether a table is one of the four that the fix arrives at.
create function schema_fix.is_ours(target regclass) returns boolean
language sql
stable
as $$
    select exists (
        select
        from pg_class
        join schema_fix.tables on table_name = relname and generation = 'current'
        where oid = target
            and relnamespace = 'public'::regnamespace
    )
$$;

-- The columns of a table that bear one of some names, in the order of the names, however each is spelled.
create function schema_fix.columns_named(target regclass, names name[]) returns name[]
language sql
stable
as $$
    select array(
        select attribute.attname
        from unnest(names) with ordinality as wanted (name, place)
        join pg_attribute as attribute
            on lower(replace(attribute.attname, '_', '')) = lower(replace(wanted.name, '_', ''))
        where attribute.attrelid = target
            and attribute.attnum > 0
            and not attribute.attisdropped
        order by wanted.place, attribute.attname <> wanted.name, attribute.attname
    )
$$;

-- The columns that the tables of the chat have, each with the column that it stands for.
create view schema_fix.columns_found as
select
    relation.oid as target,
    known.column_name as stands_for,
    attribute.attname as column_name,
    attribute.atttypid as type_id,
    row_number() over (
        partition by relation.oid, known.column_name
        order by known.rank, attribute.attname <> known.known_as, attribute.attname
    ) as rank
from schema_fix.column_names as known
join pg_class as relation
    on relation.relname = known.table_name
    and relation.relnamespace = 'public'::regnamespace
join pg_attribute as attribute
    on attribute.attrelid = relation.oid
    and attribute.attnum > 0
    and not attribute.attisdropped
    and lower(replace(attribute.attname, '_', '')) = lower(replace(known.known_as, '_', ''));

-- The columns of a table that are or were called so, the preferred one first.
create function schema_fix.columns_for(target regclass, wanted name) returns name[]
language sql
stable
as $$
    select array(
        select found.column_name
        from schema_fix.columns_found as found
        where found.target = columns_for.target
            and found.stands_for = wanted
        order by found.rank
    )
$$;

-- The columns of a table that say it without a word: is_blocked, left_at.
create function schema_fix.flags_for(target regclass, wanted name, meaning text) returns name[]
language sql
stable
as $$
    select schema_fix.columns_named(
        target, array(select known_as from schema_fix.flags where column_name = wanted and means = meaning)
    )
$$;

-- Whether a column refuses nulls, which saves looking for them. Since Postgres 18 it may refuse only new ones.
create function schema_fix.is_required(target regclass, wanted name) returns boolean
language sql
stable
as $$
    select
        attnotnull
        and not exists (
            select
            from pg_constraint
            where conrelid = target
                and contype = 'n'
                and conkey = array[attnum]
                and not convalidated
        )
    from pg_attribute
    where attrelid = target
        and attname = wanted
$$;

-- How a trigger or rule fires, as `alter table` is told.
create function schema_fix.firing_clause(state "char") returns text
language sql
immutable
as $$
    select case state when 'D' then 'disable' when 'A' then 'enable always' when 'R' then 'enable replica' else 'enable' end
$$;

-- An index's definition without its name.
create function schema_fix.index_shape(index_id oid) returns text
language sql
stable
as $$
    select substring(pg_get_indexdef(index_id), ' ON .*$')
$$;

-- A name that no relation bears, as near to the wanted one as possible.
create function schema_fix.unused_name(wanted name, addition text) returns name
language sql
stable
as $$
    select candidate::name
    from generate_series(1, 1000) as attempt
    cross join lateral (
        select left(wanted, 50) || addition || coalesce('_' || nullif(attempt, 1), '') as candidate
    ) as named
    where to_regclass('public.' || quote_ident(candidate)) is null
    order by attempt
    limit 1
$$;

-- What the policies on the chat's tables look at: columns of tables, and functions.
create view schema_fix.looked_at_by_policies as
select
    policy.polrelid::regclass as policy_table,
    policy.polname as policy_name,
    policy.polpermissive as is_permissive,
    case when dependency.refclassid = 'pg_class'::regclass then dependency.refobjid::regclass end as table_id,
    attribute.attname as column_name,
    case when dependency.refclassid = 'pg_proc'::regclass then dependency.refobjid::regprocedure end as function_id
from pg_policy as policy
join pg_class as relation
    on relation.oid = policy.polrelid
    and relation.relnamespace = 'public'::regnamespace
    and relation.relname in (select table_name from schema_fix.tables)
join pg_depend as dependency
    on dependency.classid = 'pg_policy'::regclass
    and dependency.objid = policy.oid
    and dependency.refclassid in ('pg_class'::regclass, 'pg_proc'::regclass)
left join pg_attribute as attribute
    on dependency.refclassid = 'pg_class'::regclass
    and attribute.attrelid = dependency.refobjid
    and attribute.attnum = dependency.refobjsubid
    and dependency.refobjsubid > 0
where dependency.refobjsubid > 0
    or dependency.refclassid = 'pg_proc'::regclass;
