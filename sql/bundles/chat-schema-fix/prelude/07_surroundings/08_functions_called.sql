--! Title: Which functions call which, and what they say

create view schema_fix.functions_of_extensions as
select objid as function_id
from pg_depend
where classid = 'pg_proc'::regclass
    and deptype = 'e';

-- Functions, and those whose names stand in them: each body is read once, not once for each of the others.
create table schema_fix.calls as
with ours as (
    select oid, pronamespace, lower(proname) as name, coalesce(pg_get_function_sqlbody(oid), prosrc) as source
    from pg_proc
    where pronamespace not in (
        'pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'schema_fix'::regnamespace
    )
)
select
    caller.oid as caller_id,
    caller.pronamespace as caller_schema,
    callee.oid as callee_id,
    callee.pronamespace as callee_schema
from ours as caller
cross join lateral unnest(schema_fix.names_in(caller.source)) as named (name)
join ours as callee
    on callee.name = named.name;

-- Functions, and those that they call by name. Looked for once, not again for each question.
create table schema_fix.functions_called as
with recursive called (caller_id, function_id) as (
    select routine.oid, routine.oid
    from pg_proc as routine
    join pg_language as language
        on language.oid = routine.prolang
        and language.lanname not in ('internal', 'c')
    join pg_namespace as schema
        on schema.oid = routine.pronamespace
        -- Those of the host call functions of their own; one of the project may have the same name (realtime.send).
        and (
            schema.nspname not in ('pg_catalog', 'information_schema', 'schema_fix', 'auth', 'storage', 'realtime', 'net', 'supabase_functions')
            or routine.oid in (select function_id from schema_fix.jobs)
        )
    where routine.oid not in (select function_id from schema_fix.functions_of_extensions)
    union
    select called.caller_id, calls.callee_id
    from called
    join schema_fix.calls
        on calls.caller_id = called.function_id
        and calls.callee_schema <> 'auth'::regnamespace
),
said as materialized (
    select reached.function_id, schema_fix.with_plain_caller(lower(coalesce(pg_get_function_sqlbody(reached.function_id), routine.prosrc))) as source
    from (select distinct function_id from called) as reached
    join pg_proc as routine
        on routine.oid = reached.function_id
)
select
    called.caller_id,
    called.function_id,
    -- A statement that is built when it runs names its tables in constants.
    case
        when language.lanname not in ('sql', 'plpgsql') or said.source ~ '\mexecute\M' then said.source
        else schema_fix.without_constants(said.source)
    end || coalesce(
        -- A row that it is given or returns is one that it reads: a computed column.
        (
            select string_agg(' from ' || type.typrelid::regclass, '')
            from pg_type as type
            where type.typrelid <> 0
                and type.oid = any (coalesce(routine.proallargtypes, routine.proargtypes::oid[]) || routine.prorettype)
        ),
        ''
    ) as source,
    said.source as source_with_constants
from called
join pg_proc as routine
    on routine.oid = called.function_id
join pg_language as language
    on language.oid = routine.prolang
join said
    on said.function_id = called.function_id;
