--! Title: What has to be decided about visitors who are not signed in

-- A policy for them alone was written for somebody: a widget that asks for help, a page that shows a room. With the fix they may do nothing.
-- mutant: visitors whom a policy of their own lets in are shut out without a word
create view schema_fix.decisions_about_visitors (name, problem, may_be_acknowledged) as
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'the policy %I on %s, for %s, is for visitors who are not signed in, and with the fix they can do nothing there: have them sign in'
            ' (anonymous sign-ins are accounts)',
        policy.name, policy.table_id, schema_fix.say_command(policy.command)
    ),
    true
from schema_fix.present_policies as policy
join pg_class as relation
    on relation.oid = policy.table_id
    and relation.relrowsecurity
where policy.is_permissive
    and not policy.has_our_name
    and to_regrole('anon')::oid = any(policy.roles)
    and not schema_fix.binds_signed_in(policy.roles)
    and coalesce(policy.check_expression, policy.using_expression, 'true') <> 'false'
    and has_any_column_privilege('anon', policy.table_id, case policy.command when 'a' then 'insert' else 'select' end)
    and not schema_fix.was_applied()
    and policy.policy_id not in (select recursive.policy_id from schema_fix.recursive_policies as recursive);
