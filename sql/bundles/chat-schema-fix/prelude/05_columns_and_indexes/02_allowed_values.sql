--! Title: Tools for what a column may hold

-- Replaces a default that is none of the allowed words. One that says the type of a room by another word goes on to say it.
create function schema_fix.ensure_default(
    target regclass, column_name name, wanted_default text, allowed text[]
) returns void
language plpgsql
as $$
declare
    expression constant text := (
        select pg_get_expr(given.adbin, given.adrelid)
        from pg_attrdef as given
        join pg_attribute as attribute
            on attribute.attrelid = given.adrelid
            and attribute.attnum = given.adnum
        where attribute.attrelid = target
            and attribute.attname = column_name
    );
    given_word text;
begin
    execute format('select (%s)::text', coalesce(expression, 'null')) into given_word;
    if (given_word = any (allowed)) is not true then
        if column_name = 'type' then
            wanted_default := coalesce(schema_fix.meaning_of('type', given_word), wanted_default);
        end if;
        execute format('alter table %s alter column %I set default %L', target, column_name, wanted_default);
        raise notice '%.%: default set to %', target, column_name, wanted_default;
    end if;
end
$$;

-- Drops a check of one column that forbids what the application writes, or allows more: it is judged by what it says to each
-- value. Ours are added once the values are in order: here for rooms, in section 11 for members.
create function schema_fix.drop_other_checks(target regclass, column_name name, allowed text[]) returns boolean
language plpgsql
as $$
declare
    place constant smallint := schema_fix.place_of(target, column_name);
    found record;
    is_right boolean;
    has_right boolean := false;
begin
    for found in
        select
            conname as name,
            convalidated as is_valid,
            cardinality(conkey) as columns,
            pg_get_expr(conbin, conrelid) as expression
        from pg_constraint
        where conrelid = target
            and contype = 'c'
            and place = any (conkey)
        order by conname
    loop
        if found.columns > 1 then
            if schema_fix.is_acknowledged(format('%s.%s', target, found.name)) then
                execute format('alter table %s drop constraint %I', target, found.name);
            end if;
            continue;
        end if;
        execute format(
            'select bool_and((%s) = (value.%2$I = any (%3$L::text[])))'
                ' from unnest(%3$L::text[] || array[''other'', '''', ''Group'', ''dm'']) as value (%2$I)',
            found.expression, column_name, allowed
        ) into is_right;
        if has_right or is_right is not true or not found.is_valid then
            execute format('alter table %s drop constraint %I', target, found.name);
        else
            has_right := true;
        end if;
    end loop;
    return has_right;
end
$$;
