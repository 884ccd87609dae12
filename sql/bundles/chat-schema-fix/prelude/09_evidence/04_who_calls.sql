--! Title: Which values in functions are who calls

-- Whether the row that a trigger on another table than the chat's is given names who calls in a column: whoever writes it has to, by every policy, and
-- nothing writes it past them.
create function schema_fix.row_names_the_caller(written regclass, column_name name) returns boolean
language sql
stable
return exists (
    select from pg_class where oid = written and relrowsecurity
)
and exists (
    select from pg_policy where polrelid = written and polpermissive and polcmd in ('a', '*')
)
and not exists (
    select
    from pg_policy
    cross join lateral schema_fix.with_plain_caller(coalesce(pg_get_expr(polwithcheck, polrelid), pg_get_expr(polqual, polrelid))) as asked (expression)
    where polrelid = written
        and polpermissive
        and polcmd in ('a', 'w', '*')
        and (
            schema_fix.asks_who_calls(asked.expression, column_name) is not true or asked.expression ~* '\m(or|from|case)\M|\mnot\s*\('
        )
)
and not exists (
    select from schema_fix.readers_of(array[written::oid]) as reader where reader.kind in ('view', 'rule')
)
and not exists (
    select
    from schema_fix.functions_called as called
    join pg_proc as routine
        on routine.oid = called.function_id
        and routine.prosecdef
    join pg_class as relation
        on relation.oid = written
    cross join lateral schema_fix.writes_in(called.source) as writing
    where writing.verb <> 'delete from'
        and coalesce(writing.table_name, relation.relname) in (relation.relname, relation.relnamespace::regnamespace || '.' || relation.relname)
);

-- Whether a value in a function, as it is written there, is who calls it: auth.uid(), a variable that holds nobody else, or in a trigger the person of the
-- new row; of a `routine`, also what the application gives it, an argument or a column of a view.
create function schema_fix.is_the_caller(value text, source text, routine oid, fired_on regclass, passed text[] default '{}') returns boolean
language plpgsql
stable
as $$
declare
    said constant text := regexp_replace(btrim(value, E' \n\r\t"'), '\s*::\s*[\w."]+$', '');
    argument_names constant text[] := array(
        select unnest(array[lower(argument.name), lower(proname || '.' || argument.name)])
        from pg_proc
        cross join lateral unnest(proargnames) as argument (name)
        where oid = routine
    );
    -- The claims of the token, of which it is the subject.
    claims constant text := substring(said from '^\(?\s*(\w+)\s*->>\s*''sub''\s*\)?$');
begin
    return case
        when said ~ '^auth ?\. ?uid(#|\(\))?$' or said = any (passed) then true
        when said ~ '^\$\d$' then routine is not null
        when said = any (argument_names) then true
        when said ~ '^coalesce\s*\(.*\)$' then (
            select bool_and(schema_fix.is_the_caller(part, source, routine, fired_on, passed))
            from string_to_table(substring(said from '\((.*)\)$'), ',') as listed (part)
        )
        when claims is not null then (
            select bool_and(given.value ~ '^(auth\.jwt\(\)|current_setting\(''request\.jwt\.claims'', true\))$') from schema_fix.values_given(claims, source) as given (value)
        )
        when said ~ '^\w+$' then (
            -- mutant: a variable that held who calls holds nobody else
            select bool_and(coalesce(schema_fix.is_the_caller(given.value, source, routine, fired_on, passed || said), false))
            from schema_fix.values_given(said, source) as given (value)
        )
        when said ~ '^new ?\. ?"?\w+"?$' then exists (
            select
            from pg_class as relation
            left join schema_fix.columns_found as person
                on person.target = relation.oid
                and lower(person.column_name) = substring(said from '(\w+)"?$')
            where relation.oid = fired_on
                and case
                    when relation.relkind = 'v' then routine is not null
                    when relation.oid in (select table_id from schema_fix.present_tables where holds in ('messages', 'rooms'))
                        then person.stands_for in ('sender', 'created_by')
                    else schema_fix.row_names_the_caller(fired_on, substring(said from '(\w+)"?$'))
                end
        )
        else false
    end;
end
$$;
