--! Title: Which functions are used, by what, and what they write

-- Functions under the names of those that the fix makes.
create view schema_fix.replaced_functions as
select oid as function_id, proname as name
from pg_proc
where pronamespace = 'public'::regnamespace
    and proname in (select function_name from schema_fix.functions);

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
where routine.oid not in (select function_id from schema_fix.replaced_functions)
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

-- The rows that a text of SQL, in lower case, inserts into a table, each value with its column. `columns` and `given` are the columns and the
-- values of one row as they are written, without what stands in brackets behind a name; values are null where they cannot be told apart.
create function schema_fix.rows_inserted(source text, wanted name) returns table (columns text[], given text[])
language sql
immutable
as $$
    select
        array(select btrim(listed.name, ' "') from string_to_table(regexp_replace(written.parts[1], '\s+', ' ', 'g'), ',') as listed (name)),
        array(select btrim(value) from string_to_table(inserted.list, ',') as listed (value))
    from regexp_matches(
        source,
        format('insert\s+into\s+(?:"?public"?\s*\.\s*)?"?%s"?\s*(?:as\s+\w+\s*)?\(([^)]*)\)([^;]*)', wanted),
        'g'
    ) as written (parts)
    cross join lateral regexp_replace(written.parts[2], '^\s*(values\s*\(|select\s)', '') as opened (list)
    cross join lateral regexp_replace(opened.list, '[\w."]+\s*\([^()]*\)', 'called', 'g') as first (list)
    cross join lateral regexp_replace(first.list, '[\w."]+\s*\([^()]*\)', 'called', 'g') as second (list)
    cross join lateral regexp_replace(second.list, '[\w."]+\s*\([^()]*\)', 'called', 'g') as third (list)
    cross join lateral regexp_split_to_table(third.list, '\)\s*,\s*\(') as row (list)
    cross join lateral regexp_replace(row.list, '(\)|\m(from|where|on\s+conflict|returning|union)\M).*$', '') as inserted (list)
$$;

-- The statements in a text of SQL, in lower case, that write a table, each by the first one that it writes: `listed` are the columns that an
-- insert names, or null; `rest` is what follows up to the end of the statement.
create function schema_fix.writes_in(source text) returns table (verb text, table_name text, listed text[], rest text)
language sql
immutable
as $$
    select
        statement.parts[1],
        statement.parts[2],
        case when statement.parts[1] = 'insert into' and statement.parts[3] is not null then array(
            select btrim(named.name, ' "') from string_to_table(statement.parts[3], ',') as named (name)
        ) end,
        concat(case when statement.parts[1] <> 'insert into' then statement.parts[3] end, statement.parts[4])
    from regexp_matches(
        regexp_replace(source, '\s+', ' ', 'g'),
        '\m(insert into|update|delete from|merge into|truncate)(?: table)?(?: only)? (?:"?public"? ?\. ?)?"?(\w+)"?(?: as \w+)? ?(?:\(([^()]*)\))?([^;]*)',
        'g'
    ) as statement (parts)
$$;

-- What functions in use write into the tables of the chat.
create view schema_fix.writes_of_functions as
select distinct used.function_id, present.table_id, present.table_name, written.verb, written.listed, written.rest, used.source
from schema_fix.functions_in_use as used
cross join lateral schema_fix.writes_in(used.source) as written
join schema_fix.present_tables as present
    on present.table_name = written.table_name
    and present.generation = 'current'
where not schema_fix.was_applied();
