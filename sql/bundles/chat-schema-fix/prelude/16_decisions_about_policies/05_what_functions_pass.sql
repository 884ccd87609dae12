--! Title: What has to be decided about restrictive policies that the fix's functions pass

-- The functions that make rooms write as their owner, whom no policy binds. What the policy asks of a row that they make anyway (that it has an
-- id), or of columns that they do not write, they do not pass. The name is not the policy's: what is acknowledged by that is dropped.
create view schema_fix.decisions_about_what_functions_pass (name, problem, may_be_acknowledged) as
select
    format('%s.%s.insert', policy.table_id, policy.name),
    format(
        'the restrictive policy %I on %s bounds who inserts there, and %s, which everybody signed in may call, %s not ask it: let a trigger before'
            ' insert ask the same, or withdraw the functions from authenticated afterwards',
        policy.name, policy.table_id, passing.functions, case when passing.functions ~ ' and ' then 'do' else 'does' end
    ),
    true
from schema_fix.present_policies as policy
join schema_fix.inserting as passing
    using (table_name)
cross join lateral regexp_replace(
    coalesce(policy.check_expression, policy.using_expression),
    '\m(id|type|created_by|created_at|room_id|user_id|role|status) IS NOT NULL', '', 'g'
) as said (condition)
-- mutant: the functions of the fix make rooms for whom a restrictive policy keeps from it
where not policy.is_permissive
    and policy.command in ('a', '*')
    and schema_fix.binds_signed_in(policy.roles)
    and policy.name !~ '^chat_schema_fix_'
    and said.condition ~* '\w"?\s*\(|\mselect\M|\m(current|session)_|\muser\M|\m(id|type|title|created_by|room_id|user_id|role|status|invited_by)\M'
    and said.condition <> 'false'
    and not schema_fix.was_applied();
