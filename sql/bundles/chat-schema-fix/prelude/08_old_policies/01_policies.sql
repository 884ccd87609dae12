--! Title: The old policies

-- The old policies on the chat's tables are dropped, and the new ones check only what the facts know. Whatever else an old policy
-- looks at, itself or through the functions that it calls, would be lost silently: it becomes a decision. What a function looks at
-- is read from its body; where that is not possible, it looks at something unknown.

-- Policies by which a role that the API cannot become, and none of the API has the rights of, reads every row: Supabase's own, for the hook
-- that writes tokens, or one for reports. They let nobody else in, depend on no word, and stay.
create view schema_fix.policies_of_other_roles as
select policy.policy_id, policy.table_id, policy.roles
from schema_fix.present_policies as policy
where policy.generation = 'current'
    and policy.is_permissive
    and not policy.has_our_name
    and policy.command = 'r'
    and policy.using_expression = 'true'
    -- mutant: a policy that the API shares with another role stays
    and not exists (select from unnest(policy.roles) as named (role) where named.role = 0 or schema_fix.is_api_role(named.role))
    and exists (select from pg_roles where oid = any (policy.roles) and not rolbypassrls and not rolsuper);

-- The policies that section 07 drops.
create view schema_fix.old_policies as
select policy_id, name, table_id, command, concat_ws(' ', using_expression, check_expression) as source
from schema_fix.present_policies
where generation = 'current'
    and is_permissive
    and not has_our_name
    and policy_id not in (select kept.policy_id from schema_fix.policies_of_other_roles as kept);

-- Policies by which people insert or change rows. What those lead to that read their own table, nobody could do, and it is mended.
create view schema_fix.writing_policies as
select policy.*, coalesce(check_expression, using_expression) as allows
from schema_fix.present_policies as policy
join pg_class as relation
    on relation.oid = table_id
    and relation.relrowsecurity
where is_permissive
    and command in ('a', 'w', '*')
    and not has_our_name
    and schema_fix.binds_signed_in(roles)
    and not schema_fix.was_applied()
    -- mutant: what people write means nothing where rules recurse
    and policy_id not in (select recursive.policy_id from schema_fix.recursive_policies as recursive);

-- What they say, and what the functions say that they call and that these call by name. The functions of Postgres, of the
-- host and of extensions look at no table of the project.
create view schema_fix.texts_of_policies as
with recursive called (policy_id, function_id) as (
    select policy_id, looked.refobjid
    from schema_fix.old_policies
    join pg_depend as looked
        on looked.classid = 'pg_policy'::regclass
        and looked.objid = policy_id
        and looked.refclassid = 'pg_proc'::regclass
    union
    select called.policy_id, calls.callee_id
    from called
    join schema_fix.calls
        on calls.caller_id = called.function_id
        and calls.caller_schema <> 'auth'::regnamespace
)
select policy_id, null::regprocedure as function_id, source
from schema_fix.old_policies
union all
select called.policy_id, routine.oid, coalesce(pg_get_function_sqlbody(routine.oid), routine.prosrc)
from called
join pg_proc as routine
    on routine.oid = called.function_id
    and routine.pronamespace not in ('pg_catalog'::regnamespace, 'auth'::regnamespace)
where routine.oid not in (select function_id from schema_fix.functions_of_extensions);

-- The columns of the chat's tables that the facts know, and ids and times, which say nothing about people. Read once, not again for
-- each rule that asks.
create table schema_fix.known_columns as
select present.table_id, known.name
from schema_fix.present_tables as present
cross join lateral (
    select unnest(schema_fix.columns_for(present.table_id, column_name)) as name
    from (select distinct column_name from schema_fix.column_names) as fact
    union
    select unnest(schema_fix.flags_for(present.table_id, flag.column_name, flag.means))
    from (select distinct column_name, means from schema_fix.flags) as flag
    join schema_fix.column_names as fact
        on fact.table_name = present.table_name
        and fact.column_name = flag.column_name
    union
    select unnest(schema_fix.columns_named(present.table_id, '{id,created_at,updated_at}'))
) as known;

-- What the policies of a table read, for each verb: whoever reads, and whoever writes and has to look.
create view schema_fix.tables_asked as
select policy.policy_id, policy.table_id, verb.name as verb, asked.table_id as reached_id
from schema_fix.present_policies as policy
join (values ('select', 'r'), ('insert', 'a')) as verb (name, command)
    on policy.command in (verb.command::"char", '*')
join schema_fix.present_tables as asked
    on schema_fix.reads_table(
        case verb.name when 'insert' then coalesce(policy.check_expression, policy.using_expression) else policy.using_expression end,
        asked.table_name
    )
where policy.is_permissive
    and schema_fix.binds_signed_in(policy.roles);

-- The tables that answer signed-in users with an error: a policy of the table, or of a table that it reads, reads its own table other than
-- through a function, which is an infinite recursion, or asks a function that they may not call, or a table that they may not read.
create view schema_fix.tables_that_fail as
with recursive reading as materialized (
    select distinct asked.table_id, asked.reached_id
    from schema_fix.tables_asked as asked
    join pg_class as relation
        on relation.oid = asked.reached_id
        and relation.relrowsecurity
    where asked.verb = 'select'
),
reached as (
    select table_id, reached_id from reading
    union
    select reached.table_id, reading.reached_id
    from reached
    join reading
        on reading.table_id = reached.reached_id
),
failing as (
    select reached.table_id
    from reached
    join reached as circle
        on circle.table_id in (reached.table_id, reached.reached_id)
        and circle.reached_id = circle.table_id
    union
    select asked.table_id
    from schema_fix.tables_asked as asked
    where asked.verb = 'select'
        and not has_any_column_privilege('authenticated', asked.reached_id, 'select')
    union
    select policy.table_id
    from schema_fix.present_policies as policy
    join pg_depend as looked
        on looked.classid = 'pg_policy'::regclass
        and looked.objid = policy.policy_id
        and looked.refclassid = 'pg_proc'::regclass
    where policy.is_permissive
        and policy.command in ('r', '*')
        and schema_fix.binds_signed_in(policy.roles)
        and not has_function_privilege('authenticated', looked.refobjid, 'execute')
)
select failing.table_id, 'select' as verb
from failing
join pg_class as relation
    on relation.oid = failing.table_id
    and relation.relrowsecurity
union
select asked.table_id, 'insert'
from schema_fix.tables_asked as asked
join failing
    on failing.table_id = asked.reached_id
join pg_class as relation
    on relation.oid = asked.table_id
    and relation.relrowsecurity
where asked.verb = 'insert';

-- The tables that nobody signed in reads, so that nobody changes or deletes a row there that they look for: no policy lets them, or it fails.
create view schema_fix.tables_not_read as
select present.table_id
from schema_fix.present_tables as present
where not exists (
        select
        from schema_fix.present_policies as policy
        where policy.table_id = present.table_id
            and policy.is_permissive
            and policy.command in ('r', '*')
            and schema_fix.binds_signed_in(policy.roles)
            and policy.using_expression is distinct from 'false'
    )
    or present.table_id in (select failing.table_id from schema_fix.tables_that_fail as failing where failing.verb = 'select');
