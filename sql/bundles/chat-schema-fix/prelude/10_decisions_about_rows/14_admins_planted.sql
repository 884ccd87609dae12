--! Title: What has to be decided about admins that anybody could have made

-- Policies by which people put others or themselves into rooms as admins, or make themselves some in their own row, which they change for something else.
create view schema_fix.policies_that_make_admins as
select policy.*, role.name as role_column
from schema_fix.writing_policies as policy
cross join lateral unnest(schema_fix.columns_for(policy.table_id, 'role')) as role (name)
where policy.table_name = 'chat_room_members'
    and policy.allows !~ format('\m%s\M', role.name)
    and case policy.command
        when 'a' then policy.table_name in (select planted.table_name from schema_fix.planted_in as planted)
            and policy.allows !~* '\mfrom\M'
            and cardinality(schema_fix.unusual_functions(policy.allows)) = 0
        -- mutant: whoever may change their own row is the admin that it says
        when 'w' then has_column_privilege('authenticated', policy.table_id, role.name, 'update')
            and exists (
                select
                from unnest(schema_fix.columns_for(policy.table_id, 'user_id')) as person (name)
                where schema_fix.asks_who_calls(policy.using_expression, person.name)
            )
            -- What a trigger or a function says of it, these have decided.
            and not exists (
                select
                from schema_fix.functions_in_use as used
                where used.source ~ format('\m%s\M', lower(role.name))
                    and (
                        used.source_with_constants ~ '''admin'''
                        or exists (select from pg_trigger where tgrelid = policy.table_id and tgfoid = used.function_id)
                    )
            )
    end;

-- Of whom no rule that worked ever asked. That whoever is added is a member asks for no admin.
create view schema_fix.decisions_about_admins_planted (name, problem, may_be_acknowledged) as
-- mutant: whoever wrote that they are an admin is one
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'by the policy %I on %s people could %s, no rule that worked asked who is one, and %s did not make the group: with the fix they add and remove'
            ' others: make those members who are none',
        policy.name, policy.table_id,
        case policy.command when 'a' then 'put anybody in as an admin, or themselves' else 'make themselves admins' end,
        case count(distinct (member.room_id, member.user_id)) when 1 then '1 of them' else format('%s of them', count(distinct (member.room_id, member.user_id))) end
    ),
    true
from schema_fix.policies_that_make_admins as policy
join schema_fix.legacy_members as member
    on member.source::regclass = policy.table_id
    and member.role = 'admin'
    and member.status = 'approved'
where not exists (
        select
        from schema_fix.old_rules as rule
        where rule.table_name = 'chat_room_members'
            and rule.source ~ format('\m%s\M', policy.role_column)
            and (policy.command = 'a' or rule.source ~* '''admin''')
            and not exists (select from schema_fix.recursive_policies)
    )
    and exists (
        select
        from schema_fix.legacy_rooms as room
        where room.id = member.room_id
            and room.type is distinct from 'dm'
            and room.created_by is distinct from member.user_id
    )
group by policy.table_id, policy.name, policy.command;
