--! Title: Tools for names

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

-- Renames whatever bears a name that the fix needs.
create function schema_fix.free_name(wanted name) returns void
language plpgsql
as $$
declare
    taken record;
begin
    select
        relation.relkind,
        relation.oid::regclass as name,
        pg_has_role(relation.relowner, 'usage') as may_rename
    into taken
    from pg_class as relation
    where relation.relnamespace = 'public'::regnamespace
        and relation.relname = wanted;
    if not found then
        return;
    end if;

    if not taken.may_rename then
        raise exception 'public.% exists and belongs to another role', wanted
            using
                errcode = 'duplicate_table',
                hint = 'Rename it; then run the fix again.';
    end if;
    execute format(
        'alter %s %s rename to %I',
        case
            when taken.relkind in ('i', 'I') then 'index'
            when taken.relkind = 'v' then 'view'
            when taken.relkind = 'm' then 'materialized view'
            when taken.relkind = 'S' then 'sequence'
            when taken.relkind = 'f' then 'foreign table'
            when taken.relkind = 'c' then 'type'
            else 'table'
        end,
        taken.name,
        schema_fix.unused_name(wanted, '_legacy')
    );
    raise notice 'public.% renamed: the fix needs the name', wanted;
end
$$;
