--! Title: What has to be decided about roles of the project's own

-- Support staff whom their token names, or who reads reports: roles that the fix gives nothing, for each table of the chat. Whoever has the
-- rights of its owner is bound by no policy of it.
create view schema_fix.other_roles as
select present.table_id, role.oid as role_id, role.rolname as name
from schema_fix.present_tables as present
join pg_class as relation
    on relation.oid = present.table_id
join pg_roles as role
    on role.rolname not in (
        current_user, 'anon', 'authenticated', 'service_role', 'authenticator', 'postgres', 'dashboard_user', 'supabase_admin'
    )
    and not role.rolbypassrls
    and not role.rolsuper
    and not pg_has_role(role.oid, relation.relowner, 'usage');

-- What they may do with the four tables by a privilege, and whether that is something today: without row level security, or by a policy.
-- bundle.yml lets it mean less.
create view schema_fix.reach_of_other_roles as
select
    other.table_id,
    other.role_id,
    other.name,
    granted.privilege,
    granted.column_name,
    relation.relrowsecurity as is_guarded,
    -- mutant: a role that reads reports is shut out by policies without a word
    (not relation.relrowsecurity or exists (
        select
        from schema_fix.present_policies as policy
        where policy.table_id = other.table_id
            and policy.is_permissive
            and policy.command in (
                '*', case granted.privilege when 'SELECT' then 'r' when 'INSERT' then 'a' when 'UPDATE' then 'w' else 'd' end::"char"
            )
            and concat_ws(' ', policy.using_expression, policy.check_expression) <> 'false'
            and exists (
                select from unnest(policy.roles) as named (role) where named.role = 0 or pg_has_role(other.role_id, named.role, 'usage')
            )
    )) as is_some
from schema_fix.other_roles as other
join pg_class as relation
    on relation.oid = other.table_id
join schema_fix.privileges as granted
    on granted.relation_id = other.table_id
    and granted.grantee = other.role_id
    and granted.privilege in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
where schema_fix.is_ours(other.table_id);

create view schema_fix.decisions_about_other_roles (name, problem, may_be_acknowledged) as
-- Policies for them. On the four tables they are dropped; what the older ones hold is elsewhere from now on.
-- mutant: policies for roles of the project's own are dropped without a word
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'policy %I on %s, for %s, is for %s, and the fix lets in nobody but authenticated%s: make one for them afterwards',
        policy.name,
        policy.table_id,
        schema_fix.say_command(policy.command),
        string_agg(other.name, ', ' order by other.name),
        case when policy.generation <> 'current' then ', where what is there moves to' end
    ),
    true
from schema_fix.present_policies as policy
join schema_fix.other_roles as other
    on other.table_id = policy.table_id
    and other.role_id = any (policy.roles)
where policy.is_permissive
    and policy.policy_id not in (select kept.policy_id from schema_fix.policies_of_other_roles as kept)
    and (policy.generation = 'current' or not schema_fix.was_applied())
group by policy.policy_id, policy.table_id, policy.name, policy.command, policy.generation
union all
-- Whoever reads or writes past policies because there are none, or by those for everybody. A role that the API can become is a stranger there.
select
    format('%s.%s', reach.table_id, reach.name),
    format(
        '%s may %s %s%s, and with the fix policies let in nobody but authenticated: let them bypass row level security, or make a policy for'
            ' them afterwards',
        reach.name,
        string_agg(distinct lower(reach.privilege), ', '),
        reach.table_id,
        case when reach.is_guarded then ', by policies for everybody' else ', which has no row level security' end
    ),
    true
from schema_fix.reach_of_other_roles as reach
where reach.is_some
    and not schema_fix.is_api_role(reach.role_id)
    and not pg_has_role(reach.role_id, 'authenticated', 'usage')
    and not schema_fix.was_applied()
    -- Said above, or kept.
    and not exists (
        select
        from schema_fix.present_policies as policy
        where policy.table_id = reach.table_id
            and policy.is_permissive
            and reach.role_id = any (policy.roles)
            and (
                reach.privilege = 'SELECT'
                or policy.policy_id not in (select kept.policy_id from schema_fix.policies_of_other_roles as kept)
            )
    )
group by reach.table_id, reach.name, reach.is_guarded;
