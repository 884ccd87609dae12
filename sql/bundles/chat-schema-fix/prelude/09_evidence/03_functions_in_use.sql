--! Title: Which functions are used, by what, and what they write

-- Where functions are used: by permissive policies of the chat's tables, which the fix replaces or adds to, or by something else.
create view schema_fix.uses_of_functions as
select
    using_it.refobjid as function_id,
    using_it.classid = 'pg_policy'::regclass
        and using_it.objid in (select policy_id from schema_fix.present_policies where is_permissive) as is_ours
from pg_depend as using_it
where using_it.refclassid = 'pg_proc'::regclass
    and using_it.deptype = 'n';

-- What the functions say that people and triggers use, other than by those policies, and what those say that they call. Looked for once,
-- not again for each decision.
create table schema_fix.functions_in_use as
select routine.oid::regprocedure as function_id, called.function_id as called_id, called.source, called.source_with_constants
from schema_fix.functions_called as called
join pg_proc as routine
    on routine.oid = called.caller_id
where routine.oid not in (select function_id from schema_fix.functions_that_go)
    and case
        when routine.prorettype = 'trigger'::regtype
            then exists (select from pg_trigger where tgfoid = routine.oid and not tgisinternal)
        when exists (
            select
            from schema_fix.uses_of_functions as using_it
            where using_it.function_id = routine.oid
                and not using_it.is_ours
        ) then true
        -- The server of the application and the jobs of the project call those that users may not.
        else routine.oid not in (
            select function_id from schema_fix.texts_of_policies where function_id is not null
            union
            select function_id from schema_fix.uses_of_functions
        )
    end;

-- The tables and columns that a text of SQL, in lower case, inserts into, also where one statement inserts into several. `column_name` is null
-- where none is listed.
create function schema_fix.inserts_in(source text) returns table (table_name text, column_name text)
language sql
immutable
as $$
    select statement.parts[1], btrim(listed.column_name, ' "')
    from regexp_matches(
        regexp_replace(source, '\s+', ' ', 'g'),
        'insert into (?:"?public"? ?\. ?)?"?(\w+)"?(?: as \w+)? ?(?:\(([^()]*)\))?', 'g'
    ) as statement (parts)
    left join lateral string_to_table(statement.parts[2], ',') as listed (column_name)
        on true
$$;

-- The statements in a text of SQL, in lower case, that write a table, also within another statement: `listed` are the columns that an
-- insert names, or null; `rest` is what follows up to the end of the statement. A table of another schema than public has it before its
-- name; where it cannot be told which table it is, `table_name` is null.
create function schema_fix.writes_in(source text) returns table (verb text, table_name text, listed text[], rest text)
language sql
immutable
as $$
    select
        said.parts[1],
        case when head.parts[1] <> 'public' then head.parts[1] || '.' || head.parts[2] else head.parts[2] end,
        case when said.parts[1] = 'insert into' and head.parts[3] is not null then array(
            select btrim(named.name, ' "') from string_to_table(head.parts[3], ',') as named (name)
        ) end,
        case
            when head.parts is null then said.parts[2]
            else schema_fix.outside_brackets(
                concat(case when said.parts[1] <> 'insert into' then '(' || head.parts[3] || ')' end, split_part(head.parts[4], ';', 1)), 9
            )
        end
    from string_to_table(
        regexp_replace(
            regexp_replace(source, '\s+', ' ', 'g'),
            '(?<!\m(do|for|key|before|after|or|on) )\m(insert into|update|delete from|merge into|truncate)\M(?!'')', E'\x01\\1', 'g'
        ),
        E'\x01'
    ) with ordinality as piece (text, place)
    cross join lateral regexp_match(piece.text, '^(insert into|update|delete from|merge into|truncate)(?: table)?(?: only)?(.*)$') as said (parts)
    left join lateral regexp_match(
        said.parts[2], '^ (?:"?(\w+)\M"? ?\. ?)?"?(\w+)\M"?(?!"? ?\.)(?: as \w+)? ?(?:\(([^()]*)\))?(.*)$'
    ) as head (parts)
        on true
    where piece.place > 1
$$;

-- The columns that an update, or an insert that updates where a row is there, sets, each with its value. `column_name` is null where it
-- cannot be told.
create function schema_fix.columns_set(verb text, rest text) returns table (column_name text, value text)
language sql
immutable
as $$
    select assigned.parts[1], btrim(assigned.parts[2])
    from schema_fix.outside_brackets(rest, 0) as flat
    cross join lateral substring(
        flat from case verb when 'update' then '^ ?(?:(?:as )?"?\w+"? )?set (.*)$' else '\mdo update set (.*)$' end
    ) as said
    cross join lateral regexp_replace(said, '(?<!\mdistinct )\m(from|where|returning)\M.*$', '') as clause
    cross join lateral string_to_table(clause, ',') as part
    left join lateral regexp_match(part, '^ ?"?(\w+)"? ?:?=(.*)$') as assigned (parts)
        on true
    where verb in ('update', 'insert into')
$$;

-- The rows that a text of SQL, in lower case, inserts into a table, each value with its column. `columns` and `given` are the columns and the
-- values of one row as they are written, with # for what stands in brackets.
create function schema_fix.rows_inserted(source text, wanted name) returns table (columns text[], given text[])
language sql
immutable
as $$
    select
        written.listed,
        array(select btrim(value) from string_to_table(inserted.list, ',') as listed (value))
    from schema_fix.writes_in(source) as written
    cross join lateral schema_fix.outside_brackets(written.rest, case when written.rest ~ '^ ?values\M' then 1 else 0 end) as flat
    cross join lateral regexp_replace(flat, '^\s*(values\s*\(|select\s)', '') as opened (list)
    cross join lateral regexp_split_to_table(opened.list, '\)\s*,\s*\(') as row (list)
    cross join lateral regexp_replace(row.list, '(\)|\m(from|where|on\s+conflict|returning|union)\M).*$', '') as inserted (list)
    where written.verb = 'insert into'
        and written.table_name = wanted
        and written.listed is not null
$$;

-- What functions in use write into the tables of the chat. Looked for once, not again for each decision.
create table schema_fix.writes_of_functions as
select distinct used.function_id, used.called_id, present.table_id, present.table_name, written.verb, written.listed, written.rest, used.source
from schema_fix.functions_in_use as used
cross join lateral schema_fix.writes_in(used.source) as written
join schema_fix.present_tables as present
    on present.table_name = written.table_name
    and present.generation = 'current'
where used.called_id not in (select function_id from schema_fix.functions_that_go)
    and not schema_fix.was_applied();
