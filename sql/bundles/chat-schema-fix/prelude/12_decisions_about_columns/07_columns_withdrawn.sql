--! Title: What has to be decided about columns that only the server fills from now on

-- Ids and times that nothing fills but whoever inserts by a policy.
create view schema_fix.columns_given_by_people as
select present.table_id, present.table_name, attribute.attname as column_name, policy.name as policy_name
from schema_fix.present_tables as present
join pg_class as relation
    on relation.oid = present.table_id
    and relation.relrowsecurity
join schema_fix.columns_found as found
    on found.target = present.table_id
    and found.stands_for in ('id', 'created_at', 'updated_at')
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attname = found.column_name
    and attribute.attnotnull
    and not attribute.atthasdef
    and attribute.attidentity = ''
    -- An id that is a word is asked about by itself, and a number is counted up; not so one beside it.
    and (found.stands_for <> 'id' or found.rank > 1 or attribute.atttypid = 'uuid'::regtype)
join schema_fix.present_policies as policy
    on policy.table_id = present.table_id
    and policy.is_permissive
    and policy.command in ('a', '*')
    and policy.check_expression is distinct from 'false'
    and policy.policy_id not in (select recursive.policy_id from schema_fix.recursive_policies as recursive)
    and schema_fix.binds_signed_in(policy.roles)
where present.table_name in ('chat_messages', 'chat_rooms', 'chat_room_members')
    and has_column_privilege('authenticated', present.table_id, attribute.attnum, 'insert')
    and not schema_fix.is_filled_by_trigger(present.table_id, attribute.attname);

create view schema_fix.decisions_about_columns_withdrawn (name, problem, may_be_acknowledged) as
-- Functions that insert, with the rights of whoever calls them, into columns that API roles may no longer choose: ids, times, and older columns
-- for a person. A column that gets another name is kept under its former one, and filled.
select
    used.function_id::text,
    format(
        'the function %s inserts %s into %s with the rights of whoever calls it, and with the fix only the server fills that: leave it to the'
            ' default, or make the function security definer, asking who calls it',
        used.function_id, string_agg(distinct coalesce(quote_ident(attribute.attname), 'every column'), ', '), present.table_id
    ),
    true
from schema_fix.functions_in_use as used
join pg_proc as routine
    on routine.oid = used.called_id
    and not routine.prosecdef
    and (routine.prorettype = 'trigger'::regtype or has_function_privilege('authenticated', used.called_id, 'execute'))
join pg_proc as caller
    on caller.oid = used.function_id
    and not caller.prosecdef
cross join lateral schema_fix.inserts_in(used.source) as written
join schema_fix.present_tables as present
    on present.table_name = written.table_name
    and present.generation = 'current'
left join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and lower(attribute.attname) = written.column_name
where not schema_fix.was_applied()
    and (
        written.column_name is null
        or schema_fix.is_set_by_server(present.table_id, attribute.attnum)
        -- The first of its names becomes the column itself, and is kept for the function.
        and not exists (
            select
            from schema_fix.columns_found as person
            where person.target = present.table_id
                and person.column_name = attribute.attname
                and person.stands_for in ('sender', 'user_id', 'created_by')
                and person.rank = 1
        )
    )
    and has_any_column_privilege('authenticated', present.table_id, 'insert')
group by used.function_id, present.table_id
union all
-- An application that makes ids or times itself, to send them once it is online again. Of rooms alone they say little: functions make rooms, too.
-- mutant: who makes the ids of their messages themselves cannot send
select
    format('%s.%I', given.table_id, given.column_name),
    format(
        '%1$s.%2$I has no default, so whoever inserts by the policy %3$s gives it a value, and with the fix only the server fills it: the application has to'
            ' leave it out',
        given.table_id, given.column_name, string_agg(quote_ident(given.policy_name), ', ' order by given.policy_name)
    ),
    true
from schema_fix.columns_given_by_people as given
where not schema_fix.was_applied()
    and (
        given.table_name <> 'chat_rooms'
        or exists (select from schema_fix.columns_given_by_people as sent where sent.table_name = 'chat_messages')
    )
group by given.table_id, given.column_name;
