--! Title: Functions in the words of the small chat

-- A call of a function: a query of its body, with the arguments under the names of its parameters. `is_table` where it stands in the
-- place of a table.
create function schema_fix.call_in_small(schema_name text, wanted text, arguments text[], is_table boolean, depth integer) returns text
language plpgsql
stable
as $$
declare
    routine record;
    body text[];
    names text[];
    said text;
    outcome text;
begin
    select
        found.*,
        language.lanname,
        count(*) over () as overloads
    into routine
    from pg_proc as found
    join pg_language as language
        on language.oid = found.prolang
    where found.proname = wanted
        and found.pronamespace = coalesce(schema_name, 'public')::regnamespace
        and cardinality(arguments) between found.pronargs - found.pronargdefaults and found.pronargs
        and found.prokind = 'f';
    if routine.overloads is distinct from 1 or routine.lanname not in ('sql', 'plpgsql') or depth > 5 then
        raise exception 'the function %', concat_ws('.', schema_name, wanted) using errcode = 'feature_not_supported';
    end if;
    for place in cardinality(arguments) + 1 .. routine.pronargs loop
        said := pg_get_function_arg_default(routine.oid, place);
        arguments := array_append(
            arguments,
            case
                when said ~* '^null(::\w+)?$' then 'null::text'
                else schema_fix.in_small(schema_fix.tokens_of(said), false, '', '{}', depth + 1)
            end
        );
    end loop;
    names := array(
        select coalesce(nullif(routine.proargnames[place], ''), 'p' || place)
        from generate_series(1, routine.pronargs) as place
    );

    -- What it returns: its one statement, whichever way it is written.
    body := schema_fix.tokens_of(coalesce(pg_get_function_sqlbody(routine.oid), routine.prosrc));
    if body[1:2] = '{begin,atomic}' then
        body := body[3:cardinality(body) - 1];
    elsif body[1] = 'begin' then
        body := body[2:cardinality(body) - case when body[cardinality(body)] = ';' then 2 else 1 end];
    end if;
    if body[cardinality(body)] = ';' then
        body := body[:cardinality(body) - 1];
    end if;
    if body[1:2] = '{return,query}' then
        body := body[3:];
    elsif body[1] = 'return' then
        body := '{select}'::text[] || '('::text || body[2:] || ')'::text;
    end if;
    if body[1] is distinct from 'select' then
        raise exception 'what % does', routine.oid::regprocedure using errcode = 'feature_not_supported';
    end if;
    said := schema_fix.in_small(body, routine.prosecdef, wanted, names, depth + 1);

    outcome := coalesce(
        (
            select string_agg(quote_ident(name), ', ' order by place)
            from unnest(routine.proargnames, routine.proargmodes) with ordinality as argument (name, mode, place)
            where mode = 't'
        ),
        quote_ident(wanted)
    );
    said := case
        when is_table then format('(%s) as "what it returns" (%s)', said, outcome)
        when routine.proretset then format('array(%s)', said)
        else format('(%s)', said)
    end;
    if cardinality(names) > 0 then
        said := format(
            case when is_table then 'select "what it returns".* from (select %2$s) as %3$I (%4$s) cross join lateral %1$s' else 'select %1$s from (select %2$s) as %3$I (%4$s)' end,
            said, array_to_string(arguments, ', '), wanted, (select string_agg(quote_ident(name), ', ' order by place) from unnest(names) with ordinality as parameter (name, place))
        );
    elsif is_table then
        said := 'select * from ' || said;
    else
        said := 'select ' || said;
    end if;
    return case
        when routine.proretset and not is_table then format('unnest((%s))', said)
        -- With the cast `any` takes it for a list, not for a query.
        when (select typcategory from pg_type where oid = routine.prorettype) = 'A' and not is_table then format('(%s)::text[]', said)
        else format('(%s)', said)
    end;
end
$$;
