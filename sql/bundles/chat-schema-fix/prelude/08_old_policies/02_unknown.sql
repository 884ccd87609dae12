--! Title: What the old policies ask that the facts do not know

-- A text of SQL without what stands before a dot, the names that tables are given, and the words of SQL itself: none of these is a column.
create function schema_fix.without_aliases(source text) returns text
language sql
stable
as $$
    select regexp_replace(
        regexp_replace(
            regexp_replace(
                schema_fix.without_constants(source),
                '(\m(?:from|join)\s+(?:only\s+)?"?\w+"?(?:\s*\.\s*"?\w+"?)?)\s+(?:as\s+)?(?!(?:' || reserved.words || ')\M)\w+', '\1 ', 'gi'
            ),
            '\m\w+"?\s*\.', ' ', 'g'
        ),
        '(?<!")\m(?:' || reserved.words || ')\M', ' ', 'gi'
    )
    from (select string_agg(word, '|') as words from pg_get_keywords() where catcode in ('R', 'T')) as reserved
$$;

-- What the body of a function looks at that the facts do not know, in words.
create function schema_fix.unknown_in(routine oid) returns setof text
language sql
stable
as $$
    with body as (
        select
            found.oid::regprocedure as name,
            language.lanname as language,
            schema_fix.names_in(said.source) as words,
            schema_fix.names_in(schema_fix.without_aliases(said.source)) as words_of_columns
        from pg_proc as found
        join pg_language as language
            on language.oid = found.prolang
        cross join lateral (select coalesce(pg_get_function_sqlbody(found.oid), found.prosrc) as source) as said
        where found.oid = routine
            and routine not in (select function_id from schema_fix.functions_of_extensions)
    )
    -- Columns of the chat's tables.
    select format('%s.%I, in %s', present.table_id, attribute.attname, body.name)
    from body
    join schema_fix.present_tables as present
        on present.table_name = any (body.words)
    join pg_attribute as attribute
        on attribute.attrelid = present.table_id
        and attribute.attnum > 0
        and not attribute.attisdropped
        and lower(attribute.attname) = any (body.words_of_columns)
    where attribute.attname not in (select name from schema_fix.known_columns as known where known.table_id = present.table_id)
    union
    -- Other tables and views.
    select format('%s, in %s', relation.oid::regclass, body.name)
    from body
    join pg_class as relation
        on lower(relation.relname) = any (body.words)
        and relation.relkind in ('r', 'p', 'v', 'm', 'f')
    join pg_namespace as schema
        on schema.oid = relation.relnamespace
        and schema.nspname not in ('pg_catalog', 'information_schema', 'schema_fix', 'chat_quarantine', 'pg_toast')
        and (schema.nspname = 'public' or schema.nspname = any (body.words))
    where not (schema.nspname = 'public' and relation.relname in (select table_name from schema_fix.tables))
        and not exists (
            select from schema_fix.known_columns as known where lower(known.name) = lower(relation.relname)
        )
    union
    -- Statements that are built when they run, and languages other than SQL and PL/pgSQL.
    select
        case
            when body.language in ('sql', 'plpgsql') then format('a statement that is built when it runs, in %s', body.name)
            else format('%s, written in %s', body.name, body.language)
        end
    from body
    where body.language not in ('sql', 'plpgsql')
        or body.language = 'plpgsql' and 'execute' = any (body.words)
$$;

-- The words in a text of SQL that rows hold and the facts do not know.
create function schema_fix.unknown_words_in(source text) returns setof text
language plpgsql
stable
as $$
begin
    return query
    select word.constant
    from unnest(schema_fix.constants_in(source)) as word (constant)
    where lower(btrim(word.constant)) not in (select known.word from schema_fix.words as known)
        and (
            exists (select from schema_fix.legacy_members as member where member.word = word.constant)
            or exists (
                select
                from schema_fix.legacy_members as member
                join schema_fix.known_columns as known
                    on known.table_id = member.source::regclass
                    and known.name = any (schema_fix.columns_for(known.table_id, 'role'))
                where member.row_data ->> known.name = word.constant
            )
            or exists (select from schema_fix.legacy_rooms as room where room.word = word.constant)
        );
end
$$;

-- What each old policy looks at that the facts do not know: `looks_at` says it in words.
create view schema_fix.unknown_to_the_facts as
with texts as (
    select * from schema_fix.texts_of_policies
)
-- What the policy itself names: columns of the chat's tables, and other tables and views.
select
    policy.policy_id,
    case
        when present.table_id is null then looked.refobjid::regclass::text
        else format('%s.%I', present.table_id, attribute.attname)
    end as looks_at
from schema_fix.old_policies as policy
join pg_depend as looked
    on looked.classid = 'pg_policy'::regclass
    and looked.objid = policy.policy_id
    and looked.refclassid = 'pg_class'::regclass
left join schema_fix.present_tables as present
    on present.table_id = looked.refobjid
left join pg_attribute as attribute
    on attribute.attrelid = looked.refobjid
    and attribute.attnum = looked.refobjsubid
    and looked.refobjsubid > 0
where case
    when present.table_id is null
        then looked.refobjid::regclass::text not in (select 'public.' || table_name from schema_fix.tables)
    else attribute.attname is not null
        and attribute.attname not in (select name from schema_fix.known_columns where table_id = looked.refobjid)
end
union
-- What the functions name.
select texts.policy_id, found.looks_at
from texts
cross join lateral schema_fix.unknown_in(texts.function_id) as found (looks_at)
union
-- Words that rows hold and the facts do not know.
select
    texts.policy_id,
    concat_ws(', in ', format('the word %L', word.constant), texts.function_id)
from texts
cross join lateral schema_fix.unknown_words_in(texts.source) as word (constant);
