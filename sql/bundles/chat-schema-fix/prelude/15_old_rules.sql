--! Title: What the old rules ask

-- The policies on the chat's tables are dropped, and what is asked instead knows only what the facts say. Whatever else an old
-- policy looks at, itself or through the functions that it calls, would be lost without a word: it becomes a decision. What a
-- function looks at is read in its body; where that cannot be read, it looks at something unknown.

-- A text of SQL without its comments and string constants.
create function schema_fix.without_constants(source text) returns text
language sql
immutable
as $$
    select regexp_replace(source, '--[^\n]*|/\*([^*]|\*+[^*/])*\*+/|''([^'']|'''')*''', ' ', 'g')
$$;

-- The string constants in it.
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

-- The functions that a policy on the chat's tables calls, and those that they call by name. Postgres' own and those of extensions
-- look at no table of anybody's.
create view schema_fix.functions_of_policies as
with recursive called (policy_table, policy_name, function_id) as (
    select policy_table, policy_name, function_id::oid
    from schema_fix.looked_at_by_policies
    where function_id is not null
    union
    select called.policy_table, called.policy_name, callee.oid
    from called
    join pg_proc as caller
        on caller.oid = called.function_id
    join pg_proc as callee
        on lower(callee.proname) = any (schema_fix.names_in(coalesce(pg_get_function_sqlbody(caller.oid), caller.prosrc)))
        and callee.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        and callee.pronamespace <> 'schema_fix'::regnamespace
    where caller.pronamespace <> 'auth'::regnamespace
)
select
    called.policy_table,
    called.policy_name,
    called.function_id,
    language.lanname as language,
    coalesce(pg_get_function_sqlbody(called.function_id), routine.prosrc) as source,
    routine.pronamespace = 'auth'::regnamespace as is_of_the_host,
    routine.proname as name
from called
join pg_proc as routine
    on routine.oid = called.function_id
join pg_language as language
    on language.oid = routine.prolang
where routine.pronamespace <> 'pg_catalog'::regnamespace
    and not exists (
        select
        from pg_depend
        where classid = 'pg_proc'::regclass
            and objid = routine.oid
            and deptype = 'e'
    );

-- The columns of the chat's tables that the facts know, and those that say nothing about anybody.
create view schema_fix.known_columns as
select relation.oid::regclass as table_id, known.name
from schema_fix.tables
join pg_class as relation
    on relation.oid = schema_fix.table_called(table_name)
cross join lateral (
    select unnest(schema_fix.columns_for(relation.oid, column_name)) as name
    from (select distinct column_name from schema_fix.column_names) as fact
    union
    select unnest(schema_fix.flags_for(relation.oid, flag.column_name, flag.means))
    from (select distinct column_name, means from schema_fix.flags) as flag
    join schema_fix.column_names as fact
        on fact.table_name = tables.table_name
        and fact.column_name = flag.column_name
    union
    select unnest(schema_fix.columns_named(relation.oid, '{id,created_at,updated_at,joined_at}'))
) as known;

-- What each old policy looks at that the facts do not know: `looks_at` says it in words.
create view schema_fix.unknown_to_the_facts as
with old_policies as (
    select
        relation.oid::regclass as policy_table,
        policy.polname as policy_name,
        concat_ws(
            ' ', pg_get_expr(policy.polqual, policy.polrelid), pg_get_expr(policy.polwithcheck, policy.polrelid)
        ) as source
    from schema_fix.tables
    join pg_class as relation
        on relation.oid = schema_fix.table_called(table_name)
    join pg_policy as policy
        on policy.polrelid = relation.oid
        and policy.polpermissive
    where generation = 'current'
        and (table_name, policy.polname) not in (select table_name, policy_name from schema_fix.policies)
),
texts as (
    select policy_table, policy_name, null::regprocedure as function_id, null as language, source
    from old_policies
    union all
    select policy.policy_table, policy.policy_name, called.function_id::regprocedure, called.language, called.source
    from old_policies as policy
    join schema_fix.functions_of_policies as called
        on called.policy_table = policy.policy_table
        and called.policy_name = policy.policy_name
        and not called.is_of_the_host
)
-- Columns of the chat's tables that the policy itself names: Postgres knows them.
select policy.policy_table, policy.policy_name, format('%s.%I', looked.table_id, looked.column_name) as looks_at
from old_policies as policy
join schema_fix.looked_at_by_policies as looked
    on looked.policy_table = policy.policy_table
    and looked.policy_name = policy.policy_name
    and looked.table_id in (select schema_fix.table_called(table_name) from schema_fix.tables)
where not exists (
    select from schema_fix.known_columns as known where known.table_id = looked.table_id and known.name = looked.column_name
)
union
-- Other tables and views that it reads.
select policy.policy_table, policy.policy_name, dependency.refobjid::regclass::text
from old_policies as policy
join pg_policy as definition
    on definition.polrelid = policy.policy_table
    and definition.polname = policy.policy_name
join pg_depend as dependency
    on dependency.classid = 'pg_policy'::regclass
    and dependency.objid = definition.oid
    and dependency.refclassid = 'pg_class'::regclass
where dependency.refobjid::regclass not in (
        select schema_fix.table_called(table_name) from schema_fix.tables where schema_fix.table_called(table_name) is not null
    )
    and dependency.refobjid::regclass::text not in (select 'public.' || table_name from schema_fix.tables)
union
-- Columns of the chat's tables that are named in the body of a function.
select texts.policy_table, texts.policy_name, format('%s.%I, in %s', relation.oid::regclass, attribute.attname, texts.function_id)
from texts
cross join lateral schema_fix.names_in(texts.source) as named (words)
join schema_fix.tables
    on table_name = any (named.words)
join pg_class as relation
    on relation.oid = schema_fix.table_called(table_name)
join pg_attribute as attribute
    on attribute.attrelid = relation.oid
    and attribute.attnum > 0
    and not attribute.attisdropped
    and lower(attribute.attname) = any (named.words)
where texts.function_id is not null
    and not exists (
        select from schema_fix.known_columns as known where known.table_id = relation.oid and known.name = attribute.attname
    )
union
-- Other tables and views that are named in the body of a function.
select texts.policy_table, texts.policy_name, format('%s, in %s', relation.oid::regclass, texts.function_id)
from texts
cross join lateral schema_fix.names_in(texts.source) as named (words)
join pg_class as relation
    on lower(relation.relname) = any (named.words)
    and relation.relkind in ('r', 'p', 'v', 'm', 'f')
join pg_namespace as schema
    on schema.oid = relation.relnamespace
    and schema.nspname not in ('pg_catalog', 'information_schema', 'schema_fix', 'chat_quarantine', 'pg_toast')
    and (schema.nspname = 'public' or schema.nspname = any (named.words))
where texts.function_id is not null
    and not (schema.nspname = 'public' and relation.relname in (select table_name from schema_fix.tables))
    and not exists (
        select from schema_fix.known_columns as known where lower(known.name) = lower(relation.relname)
    )
union
-- Statements that are put together as they run, and languages that are not read here.
select
    texts.policy_table,
    texts.policy_name,
    case
        when texts.language in ('sql', 'plpgsql') then format('a statement that is built when it runs, in %s', texts.function_id)
        else format('%s, written in %s', texts.function_id, texts.language)
    end
from texts
where texts.function_id is not null
    and (texts.language not in ('sql', 'plpgsql') or texts.language = 'plpgsql' and 'execute' = any (schema_fix.names_in(texts.source)))
union
-- What the token says beside who its bearer is, and other settings of the session.
select
    texts.policy_table,
    texts.policy_name,
    concat_ws(', in ', case when strpos(claim.said, 'current_setting') > 0 then 'a setting of the session' else 'the claims of the token' end, texts.function_id)
from texts
cross join lateral (
    select found.parts[1] as said
    from regexp_matches(
        texts.source,
        '((?:auth\.)?jwt\(\)(?:\s*\)?\s*->>?\s*''\w+'')?|auth\.email\(\)|current_setting\(\s*''[^'']*''[^)]*\)(?:\s*,\s*''''\s*\))?(?:::jsonb?)?\)?(?:\s*->>?\s*''\w+'')?)',
        'g'
    ) as found (parts)
) as claim
where claim.said !~ '->>?\s*''(sub|role)''$'
    and claim.said !~ 'current_setting\(\s*''request\.jwt\.claim\.(sub|role)'''
union
-- Words that let somebody in, that rows hold, and that mean nothing to the facts.
select
    texts.policy_table,
    texts.policy_name,
    concat_ws(', in ', format('the word %L', word.constant), texts.function_id)
from texts
cross join lateral unnest(schema_fix.constants_in(texts.source)) as word (constant)
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
