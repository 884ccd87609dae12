--! Title: What texts of SQL name

-- A text of SQL without its comments and string constants.
create function schema_fix.without_constants(source text) returns text
language sql
immutable
as $$
    select regexp_replace(source, '--[^\n]*|/\*([^*]|\*+[^*/])*\*+/|''([^'']|'''')*''', ' ', 'g')
$$;

-- A text of SQL without its comments.
create function schema_fix.without_comments(source text) returns text
language sql
immutable
return regexp_replace(source, '(''([^'']|'''')*'')|--[^\n]*|/\*([^*]|\*+[^*/])*\*+/', '\1 ', 'g');

-- The string constants in a text of SQL.
create function schema_fix.constants_in(source text) returns text[]
language sql
immutable
as $$
    select array(
        select distinct replace(found.parts[1], '''''', '''')
        from regexp_matches(source, '--[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/|''((?:[^'']|'''')*)''', 'g') as found (parts)
        where found.parts[1] is not null
    )
$$;

-- The names in it, in lower case.
create function schema_fix.names_in(source text) returns text[]
language sql
immutable
as $$
    select array(
        select distinct lower(found.parts[1])
        from regexp_matches(schema_fix.without_constants(source), '([[:alpha:]_][[:alnum:]_$]*)', 'g') as found (parts)
    )
$$;

-- A pattern for the name of a table after some words, such as from|join, in a text in lower case.
create function schema_fix.table_after(words text, wanted text) returns text
language sql
immutable
return format('(%s)\s+(only\s+)?("?public"?\s*\.\s*)?"?%s\M', words, wanted);

-- A text of SQL with what stands in brackets deeper than `depth` replaced by #, up to a bracket that closes one opened before it.
create function schema_fix.outside_brackets(source text, depth integer) returns text
language plpgsql
immutable
as $$
declare
    part text[];
    opened integer := 0;
    result text := '';
begin
    for part in select parts from regexp_matches(source, '([^][()]*)([][()]?)', 'g') as found (parts) loop
        if opened <= depth then
            result := result || part[1];
        end if;
        continue when part[2] = '';
        if part[2] in ('(', '[') then
            opened := opened + 1;
            result := result || case when opened <= depth then part[2] when opened = depth + 1 then '#' else '' end;
        else
            exit when opened = 0;
            result := result || case when opened <= depth then part[2] else '' end;
            opened := opened - 1;
        end if;
    end loop;
    return result;
end
$$;

-- The queries in a text of SQL, in lower case, one within another, each with # in the place of those within it. What PL/pgSQL says between them is
-- one as well, a statement at a time.
create function schema_fix.queries_in(source text) returns table (number integer, within integer, statement integer, words text)
language plpgsql
immutable
as $$
declare
    token text;
    following text;
    query text;
    texts text[] := '{""}';
    parents integer[] := '{0}';
    statements integer[] := '{1}';
    -- The query in which each open bracket stands, and the present one.
    opened integer[] := '{}';
    present integer := 1;
begin
    for token, following in
        select said.parts[1], lead(said.parts[1]) over (order by said.place)
        from regexp_matches(
            regexp_replace(
                regexp_replace(
                    source,
                    '\m(begin|loop)\M|\m(then|else)\M(?=\s+((select|insert|update|delete|perform|return|if|for|raise|with|execute|call)\M|\w+\s*:=))', ';', 'g'
                ),
                '\m(union|intersect|except)\M', E'\x01', 'g'
            ),
            E'([();\x01]|[^();\x01]+)', 'g'
        ) with ordinality as said (parts, place)
    loop
        if token = '(' then
            opened := opened || present;
            if following ~ '^\s*(select|with)\M' then
                texts[present] := texts[present] || ' #';
                texts := texts || ''::text;
                parents := parents || present;
                statements := statements || statements[present];
                present := cardinality(texts);
            else
                texts[present] := texts[present] || '(';
            end if;
        elsif token = ')' and opened <> '{}' then
            if opened[cardinality(opened)] = present then
                texts[present] := texts[present] || ')';
            end if;
            present := opened[cardinality(opened)];
            opened := trim_array(opened, 1);
        elsif token = ';' then
            opened := '{}';
            texts := texts || ''::text;
            parents := parents || 0;
            statements := statements || statements[present] + 1;
            present := cardinality(texts);
        elsif token = E'\x01' then
            texts := texts || ''::text;
            parents := parents || parents[present];
            statements := statements || statements[present];
            present := cardinality(texts);
        else
            texts[present] := texts[present] || token;
        end if;
    end loop;
    return query
        select list.place::integer, parents[list.place], statements[list.place], list.words
        from unnest(texts) with ordinality as list (words, place);
end
$$;

-- What the queries read: each table or view (null where it is none, a query within or one by a name of its own), and what its columns are qualified by.
-- What an update or an insert writes is read, too, as far as it asks something.
create function schema_fix.relations_in(words text) returns table (relation_id oid, qualifier text)
language sql
stable
as $$
    select
        case when said.parts[2] <> '#' then to_regclass(format('%I.%I', coalesce(said.parts[1], 'public'), said.parts[2]))::oid end,
        coalesce(said.parts[3], said.parts[2])
    from regexp_replace(schema_fix.outside_brackets(words, 0), '\mdistinct\s+from\M', '=', 'g') as flat (words)
    cross join lateral (
        values (substring(flat.words from '\mfrom\M(.*)$')), (substring(flat.words from '\m(?:update|insert into)\M(.*)$'))
    ) as clause (words)
    cross join lateral regexp_split_to_table(
        regexp_replace(clause.words, '\m(where|group\s+by|order\s+by|having|limit|for|set|returning|values|window)\M.*$', ''), ',|\mjoin\M|\mfrom\M'
    ) as item (words)
    cross join lateral regexp_match(
        item.words, '^\s*(?:only\s+|lateral\s+)*(?:"?(\w+)"?\s*\.\s*)?"?(#|\w+)"?(?:\s+(?:as\s+)?"?(?!(?:on|using|cross|inner|left|right|full|natural|as|into)\M)(\w+))?'
    ) as said (parts)
    where said.parts is not null
$$;
