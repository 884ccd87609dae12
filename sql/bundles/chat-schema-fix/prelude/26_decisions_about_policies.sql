--! Title: What has to be decided about old policies

-- One row for each thing that the fix would lose or cannot understand, under the name by which it may be acknowledged.
-- What cannot be acknowledged has to be changed first. The views of the next two files are the same.
create view schema_fix.decisions_about_policies as
-- Old policies that look at more than the fix asks.
select
    format('%s.%s', table_id, name) as name,
    format('policy %I on %s looks at %s', name, table_id, string_agg(distinct looks_at, ', ')) as problem,
    true as may_be_acknowledged
from schema_fix.unknown_to_the_facts
join schema_fix.old_policies using (policy_id)
group by table_id, name
union all
-- Policies for roles that the fix gives nothing.
select
    format('%s.%s', table_id, policy.name),
    format('policy %I on %s is for %s, and the fix lets in nobody but authenticated', policy.name, table_id, role.names),
    true
from schema_fix.present_policies as policy
cross join lateral (
    select string_agg(rolname, ', ' order by rolname) as names
    from pg_roles
    where oid = any (policy.roles)
        and rolname not in ('anon', 'authenticated', 'service_role', 'postgres', 'dashboard_user', 'supabase_admin')
        and not rolbypassrls
        and not rolsuper
        and not pg_has_role(current_user, oid, 'usage')
) as role
where generation = 'current'
    and policy.is_permissive
    and role.names is not null
    and not has_our_name
union all
-- A restrictive policy stays. One that reads its own table, other than through a function, makes every query fail; one that asks
-- nothing of the row or the reader shuts the table to everybody, so that the application cannot work.
select
    format('%s.%s', table_id, policy.name),
    format('the restrictive policy %I on %s %s', policy.name, table_id, harm.words),
    true
from schema_fix.present_policies as policy
cross join lateral (
    select 'reads that table itself, which is an infinite recursion' as words
    where concat_ws(' ', using_expression, check_expression) ~* format('\m(from|join)\s+\(*(public\.)?%s\M', table_name)
    union all
    select 'lets nobody do anything, whoever they are'
    where 'false' in (using_expression, check_expression)
) as harm
where generation = 'current'
    and not policy.is_permissive;
