--! Title: Tools that look into the catalog

-- Whether a table has a column.
create function schema_fix.has_column(target regclass, column_name name) returns boolean
language sql
stable
as $$
    select exists (
        select
        from pg_attribute as attribute
        where attribute.attrelid = target
            and attribute.attname = column_name
            and not attribute.attisdropped
    )
$$;

-- A table, or null where there is none, or something else of its name.
create function schema_fix.table_called(name text) returns regclass
language sql
stable
as $$
    select oid::regclass
    from pg_class
    where oid = to_regclass(name)
        and relkind = 'r'
$$;

-- The columns of a table that bear one of some names, however each is spelled (`sender_id`, `senderId`), in that order.
create function schema_fix.columns_called(target regclass, names name[]) returns name[]
language sql
stable
as $$
    select array(
        select attribute.attname
        from unnest(names) with ordinality as wanted (name, place)
        join pg_attribute as attribute
            on lower(replace(attribute.attname, '_', ''))
                = lower(replace(wanted.name, '_', ''))
        where attribute.attrelid = target
            and attribute.attnum > 0
            and not attribute.attisdropped
        order by wanted.place, attribute.attname <> wanted.name, attribute.attname
    )
$$;

-- Whether a table is one of the four.
create function schema_fix.is_ours(target regclass) returns boolean
language sql
stable
as $$
    select exists (
        select
        from pg_class
        where oid = target
            and relnamespace = 'public'::regnamespace
            and relname in ('chat_rooms', 'chat_room_members', 'room_members', 'chat_messages')
    )
$$;

-- Whether a column refuses nulls, which saves looking for them. Since Postgres 18 it may refuse only new ones.
create function schema_fix.is_required(target regclass, column_name name) returns boolean
language sql
stable
as $$
    select
        attribute.attnotnull
        and not exists (
            select
            from pg_constraint
            where conrelid = target
                and contype = 'n'
                and conkey = array[attribute.attnum]
                and not convalidated
        )
    from pg_attribute as attribute
    where attribute.attrelid = target
        and attribute.attname = column_name
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

-- A name that nothing bears, as near to the wanted one as possible.
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
