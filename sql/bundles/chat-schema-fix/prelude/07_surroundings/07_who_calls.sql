--! Title: How texts of SQL ask who calls

-- Functions of the project that say who calls, and nothing else, as a pattern for calls of them; null where there are none.
create table schema_fix.says_who_calls (pattern text);

-- A text of SQL in which every form of the caller's id is auth.uid(), or auth.uid()::text.
create function schema_fix.with_plain_caller(source text) returns text
language plpgsql
stable
as $$
declare
    plain text := source;
    before text;
    rewriting text[];
    forms constant text[] := array[
        array['"?\mauth"?\s*\.\s*"?uid"?\s*\(\s*\)', 'auth.uid()'],
        array[(select pattern from schema_fix.says_who_calls), 'auth.uid()'],
        array['(?:\mpg_catalog\.)?\mcurrent_setting\s*\(\s*''request\.jwt\.claim\.sub''[^()]*\)', 'auth.uid()::text'],
        array['(?:\mpg_catalog\.)?\mcurrent_setting\s*\(\s*''request\.jwt\.claims''[^()]*\)', 'auth.claims()'],
        array['"?\mauth"?\s*\.\s*"?jwt"?\s*\(\s*\)', 'auth.jwt()'],
        array['(auth\.(?:jwt|claims)\(\))\s*::\s*(?:jsonb?|text)\M', '\1'],
        array['auth\.(?:jwt|claims)\(\)\s*->>\s*''sub''(?:::text)?', 'auth.uid()::text'],
        array['auth\.uid\(\)(?:::text)?\s*::\s*(?:pg_catalog\.)?uuid\M', 'auth.uid()'],
        array['\mnullif\s*\(\s*(auth\.(?:uid|jwt|claims)\(\)(?:::text)?)\s*,\s*''''(?:::text)?\s*\)', '\1'],
        array['\mcoalesce\s*\(\s*(auth\.uid\(\)(?:::text)?)\s*,\s*\1\s*\)', '\1'],
        array['\mcast\s*\(\s*(auth\.uid\(\))(?:::text)?\s+as\s+uuid\s*\)', '\1'],
        array['(^|[-=<>,(|:;]\s*|\m(?:select|default|return|and|or|when|then|not|is|from)\s+)\(\s*(auth\.(?:uid|jwt|claims)\(\)(?:::text)?)\s*\)', '\1\2'],
        array['\(\s*select\s+(auth\.(?:uid|jwt|claims)\(\)(?:::text)?)(?:\s+as\s+"?\w+"?)?\s*\)', ' \1 '],
        -- The row that bears the caller's id.
        array[
            '\(\s*select\s+(?:"?\w+"?\.)?("?\w+"?)\s+from\s+[\w."]+(?:\s+(?:as\s+)?"?\w+"?)?\s+where\s+(?:"?\w+"?\.)?\1\s*=\s*auth\.uid\(\)\s*(?:limit\s+1\s*)?\)',
            ' auth.uid() '
        ]
    ];
begin
    loop
        before := plain;
        foreach rewriting slice 1 in array forms loop
            if rewriting[1] is not null then
                plain := regexp_replace(plain, rewriting[1], rewriting[2], 'gi');
            end if;
        end loop;
        exit when plain = before;
    end loop;
    return replace(plain, 'auth.claims()', 'current_setting(''request.jwt.claims'', true)');
end
$$;

insert into schema_fix.says_who_calls
select format('(?<![\w."])(?:%s)\s*\(\s*\)', string_agg(distinct format('(?:"?%s"?\s*\.\s*)?"?%s"?', schema.nspname, routine.proname), '|'))
from pg_proc as routine
join pg_namespace as schema
    on schema.oid = routine.pronamespace
    and schema.nspname not in ('pg_catalog', 'information_schema', 'schema_fix', 'auth')
where routine.pronargs = 0
    and routine.prokind = 'f'
    and routine.prorettype = 'uuid'::regtype
    and schema.nspname || routine.proname ~ '^\w+$'
    and schema_fix.with_plain_caller(schema_fix.without_comments(coalesce(pg_get_function_sqlbody(routine.oid), routine.prosrc)))
        ~* '^\s*(begin\s+)?(atomic\s+)?(select|return)\s+auth\.uid\(\)(\s+as\s+\w+)?\s*;?\s*(end\s*;?)?\s*$'
having count(*) > 0;

-- Whether an expression of a policy, as Postgres prints it, asks that a person is who calls.
create function schema_fix.asks_who_calls(expression text, person name) returns boolean
language sql
immutable
return lower(regexp_replace(expression, '[\s()"]', '', 'g'))
    ~ format('(^|and|or|\.)%1$s=(selectauth|auth)\.uid|auth\.uid(asuid)?=(\w+\.)?%1$s(and|or|$)', lower(person));

-- What a text of PL/pgSQL, in lower case, gives a variable, each value as it is written; null for one that cannot be told.
create function schema_fix.values_given(variable text, source text) returns setof text
language sql
stable
as $$
    select btrim(given.parts[1])
    from regexp_matches(
        source,
        format(
            '(?:^|;|\m(?:declare|begin|then|else|loop)\M)\s*(?:\w+\s*\.\s*)?"?%s"?(?!\w)(?:\s+[^;:=]*?)?\s*(?::=|=|\mdefault\M)([^;]*)', variable
        ),
        'g'
    ) as given (parts)
    union all
    -- A column that a condition compares with who calls is who calls.
    select case
        when statement.text !~ '^\s*select\M' or cardinality(filled.names) <> cardinality(listed.expressions) then null
        when selected.list ~ format('\m(?:where|and)\s+(?:%1$s\s*=\s*auth\.uid#|auth\.uid#\s*=\s*%1$s(?![\w.]))', regexp_replace(told.value, '\W', '\\\&', 'g'))
            and selected.list !~ '\mor\M'
            then 'auth.uid()'
        else told.value
    end
    from regexp_split_to_table(source, ';|\m(?:begin|then|else|loop)\M') as statement (text)
    cross join (values ('\minto\s+(?:strict\s+)?("?[\w.]+"?(?:\s*,\s*"?[\w.]+"?)*)')) as clause (pattern)
    cross join lateral regexp_matches(statement.text, clause.pattern, 'g') as said (parts)
    cross join lateral (select string_to_array(regexp_replace(said.parts[1], '[\s"]', '', 'g'), ',') as names) as filled
    cross join lateral schema_fix.outside_brackets(
        regexp_replace(regexp_replace(statement.text, clause.pattern, ''), '^\s*select\s+', ''), 0
    ) as selected (list)
    cross join lateral string_to_array(regexp_replace(selected.list, '\mfrom\M.*$', ''), ',') as listed (expressions)
    cross join lateral btrim(
        regexp_replace(listed.expressions[array_position(filled.names, variable)], '\s+as\s+\w+\s*$', ''), E' \n\r\t'
    ) as told (value)
    where variable = any (filled.names)
    union all
    select null
    where source ~ format('\m(for|foreach)\s+(\w+\s*,\s*)*%s\M', variable)
$$;
