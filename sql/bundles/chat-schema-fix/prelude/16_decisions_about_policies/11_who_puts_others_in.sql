--! Title: What has to be decided about people whom only the server put into rooms with others

-- With the fix everybody opens a conversation with anybody, and makes groups with anybody in them. Where people made rooms, but could put nobody
-- else into one, that somebody is in a room was their consent, or the server's decision (an order, a match).

-- The tables of members into which functions insert past row level security that people call, or that rooms and memberships set off.
create view schema_fix.tables_filled_by_functions as
select writing.table_name
from schema_fix.writes_of_functions as writing
join pg_proc as routine
    on routine.oid = writing.function_id
    and routine.prosecdef
where writing.verb = 'insert into'
    and case
        when routine.prorettype = 'trigger'::regtype
            then exists (select from pg_trigger where tgfoid = routine.oid and tgrelid in (select table_id from schema_fix.present_tables))
        else has_function_privilege('authenticated', routine.oid, 'execute')
    end
union
select written.table_name
from schema_fix.replaced_functions as replaced
join pg_proc as routine
    on routine.oid = replaced.function_id
    and routine.prosecdef
    and has_function_privilege('authenticated', routine.oid, 'execute')
join schema_fix.functions_called as called
    on called.caller_id = replaced.function_id
cross join lateral schema_fix.writes_in(called.source) as written
where written.verb = 'insert into';

-- Whether people could be in a group that they made, in the role that is wanted, or could put another person into it: by the policies, or by functions.
create function schema_fix.people_enter_groups(wanted text) returns boolean
language sql
stable
as $$
    select exists (
            select
            from pg_class
            where oid = schema_fix.table_called('chat_room_members')
                and not relrowsecurity
        )
        or 'chat_room_members' in (select filled.table_name from schema_fix.tables_filled_by_functions as filled)
        or exists (
            select
            from schema_fix.not_understood as unknown
            join schema_fix.rules_to_try as rule
                using (policy_id, verb)
            where rule.table_name = 'chat_room_members'
                and rule.verb in ('insert', 'update')
        )
        -- Who is in no room, or made it, puts another in.
        or exists (
            select
            from schema_fix.answers as answer
            join schema_fix.rules_to_try as rule
                using (policy_id, verb)
            join schema_fix.worlds as asked
                using (world)
            where rule.table_name = 'chat_room_members'
                and rule.verb = 'insert'
                and not asked.is_own
                and asked.standing <> 'here'
                and (wanted = 'member' or asked.row_role = wanted)
        )
        -- Who puts themselves in, without asking, or changes their own row.
        or exists (
            select
            from schema_fix.writing_policies as policy
            cross join lateral unnest(schema_fix.columns_for(policy.table_id, 'user_id')) as person (name)
            cross join lateral (
                select
                    coalesce(array_agg(schema_fix.meaning_of('status', constant)), '{}') as statuses,
                    coalesce(array_agg(schema_fix.meaning_of('role', constant)), '{}') as roles
                from unnest(schema_fix.constants_in(policy.allows)) as word (constant)
            ) as said
            where policy.table_name = 'chat_room_members'
                and case policy.command
                    when 'a' then schema_fix.asks_who_calls(policy.allows, person.name)
                        and (array_position(said.statuses, 'pending') is null or array_position(said.statuses, 'approved') is not null)
                    else schema_fix.asks_who_calls(policy.using_expression, person.name)
                end
                and (
                    wanted = 'member'
                    or array_position(said.roles, wanted) is not null
                    or array_position(said.roles, 'member') is null
                )
        )
$$;

create view schema_fix.decisions_about_who_puts_others_in (name, problem, may_be_acknowledged) as
with had as materialized (
    select rights_had.*, relation.relrowsecurity as is_guarded
    from schema_fix.rights_had
    join pg_class as relation
        on relation.oid = rights_had.table_id
),
-- A chat that works: people read rooms and messages, send these, and make rooms, under row level security.
works as materialized (
    select
        exists (select from had where table_name = 'chat_rooms' and verb = 'insert' and was_there and is_guarded)
        and exists (select from had where holds = 'rooms' and verb = 'select' and was_there)
        and (
            select count(distinct verb)
            from had
            where holds = 'messages' and verb in ('select', 'insert') and was_there and is_guarded
        ) = 2
        and not exists (select from had where generation = 'first' and verb = 'insert' and was_there)
        and not exists (select from schema_fix.recursive_policies)
        and not schema_fix.was_applied() as yes
)
select
    format('%s.insert', groups.table_id),
    'no policy and no function lets signed-in users put others into a group that they made: the server alone does, or an admin whom it made one; with the'
        ' fix everybody does, by create_group_room, with anybody, and what takes a room in common for consent shows them to one another: acknowledge'
        ' it, if they may; else the fix is not for this application',
    true
from had as groups
-- mutant: whoever could put nobody into a group puts anybody in
where (select yes from works)
    and groups.table_name = 'chat_room_members'
    and groups.verb = 'insert'
    and groups.is_guarded
    -- Where no policy is about who enters, it is not there yet: who makes rooms adds people to them, somehow.
    and groups.was_there
    and exists (select from had where table_id = groups.table_id and verb = 'select' and was_there)
    and not schema_fix.people_enter_groups('member')
union all
select
    'public.room_members.insert',
    'no policy and no function lets signed-in users open a conversation of two, of which there are some: the server alone does; with the fix everybody'
        ' does, by open_or_create_dm, with anybody: acknowledge it, if they may; else the fix is not for this application',
    true
-- mutant: whoever could open no conversation of two opens one with anybody
where (select yes from works)
    and exists (select from schema_fix.legacy_rooms where type = 'dm')
    and not exists (select from schema_fix.functions_that_make_rooms where of_two)
    and 'room_members' not in (select filled.table_name from schema_fix.tables_filled_by_functions as filled)
    and (
        not schema_fix.people_make_conversations()
        or exists (
            select
            from had as pairs
            where pairs.table_name = 'room_members'
                and pairs.verb = 'insert'
                and pairs.is_guarded
                and not pairs.was_there
                and exists (select from had where table_name = 'chat_room_members' and verb = 'insert' and was_there)
                and not pairs.was_meant is true
                and exists (select from had where table_id = pairs.table_id and verb = 'select' and was_there)
                and not schema_fix.has_conversations_that_move()
        )
    );
