--! Title: What has to be decided about who waits, and is admitted otherwise today

create view schema_fix.decisions_about_who_is_admitted (name, problem, may_be_acknowledged) as
-- Whoever is added waits by a boolean or a time, and people say so themselves: the word that the fix reads from then on they do not write.
-- mutant: whoever is admitted by a boolean waits for ever
select
    format('%s.%I', member.table_id, flag.name),
    format(
        '%s has no status, and %I says who waits: with the fix a status says so, and whoever is added or admitted without one waits: let the'
            ' application write it, approved or pending',
        member.table_id, flag.name
    ),
    true
from schema_fix.present_tables as member
cross join lateral schema_fix.flags_that_wait(member.table_id) as flag
where member.table_name = 'chat_room_members'
    and not flag.lets_in
    and exists (
        select
        from schema_fix.writing_policies as policy
        where policy.table_id = member.table_id
            and policy.allows <> 'false'
    )
union all
-- A conversation of two in which one of them waits: it was asked for, and they accept it or not. With the fix only admins admit, and only a
-- group has some.
-- mutant: whoever is asked for a conversation of two can never accept
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'by the policy %I on %s people who wait in a conversation of two accept or decline it; with the fix nobody is admitted to one, and'
            ' open_or_create_dm opens another for the two: let them be approved before',
        policy.name, policy.table_id
    ),
    true
from schema_fix.writing_policies as policy
cross join lateral unnest(schema_fix.columns_for(policy.table_id, 'user_id')) as person (name)
where policy.table_name = 'chat_room_members'
    and policy.command in ('w', '*')
    and schema_fix.asks_who_calls(policy.using_expression, person.name)
    and exists (
        select
        from schema_fix.legacy_members as waiting
        join schema_fix.legacy_rooms as room
            on room.id = waiting.room_id
            and room.type = 'dm'
        where waiting.source::regclass = policy.table_id
            and waiting.status = 'pending'
            and exists (
                select
                from schema_fix.legacy_members as other
                where other.room_id = waiting.room_id
                    and other.user_id <> waiting.user_id
                    and other.status = 'approved'
            )
    );
