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
