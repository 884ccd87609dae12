--! Title: What has to be decided about rows that contradict each other

-- The columns that name who sent a message, and whether the rules about new messages compare them with who is calling.
create view schema_fix.senders_compared as
select
    message.table_id,
    sender.name,
    sender.rank,
    exists (
        select
        from schema_fix.present_policies as policy
        where policy.table_id = message.table_id
            and policy.command in ('a', '*')
            and schema_fix.compares_with_caller(coalesce(policy.check_expression, policy.using_expression), sender.name)
    ) as is_guarded
from schema_fix.present_tables as message
cross join lateral unnest(schema_fix.columns_for(message.table_id, 'sender')) with ordinality as sender (name, rank)
where message.holds = 'messages'
    and not schema_fix.was_applied();

-- How many rows of a table name different people in two columns. A uuid of zeros is nobody's.
create function schema_fix.rows_that_contradict(target regclass, column_name name, other_name name) returns bigint
language plpgsql
stable
as $$
declare
    found bigint;
begin
    execute format(
        'select count(*) from %s where nullif(schema_fix.user_uuid(%I::text), %L) <> nullif(schema_fix.user_uuid(%I::text), %L)',
        target, column_name, '00000000-0000-0000-0000-000000000000', other_name, '00000000-0000-0000-0000-000000000000'
    ) into found;
    return found;
end
$$;

create view schema_fix.decisions_about_what_contradicts (name, problem, may_be_acknowledged) as
-- Messages that two columns say different people sent, where not the one that counts is what the old rules let nobody lie in.
select
    format('%s.%I', first.table_id, first.name),
    format(
        '%s messages name another sender in %I than in %I, which counts with the fix, and %s: write into %I who sent them',
        contradicting.number, other.name, first.name,
        case
            when other.is_guarded then format('the rules about new messages compare %I with who sends', other.name)
            else 'no rule about new messages compares either with who sends'
        end,
        first.name
    ),
    true
from schema_fix.senders_compared as first
join schema_fix.senders_compared as other
    on other.table_id = first.table_id
    and other.rank > first.rank
cross join lateral schema_fix.rows_that_contradict(first.table_id, first.name, other.name) as contradicting (number)
-- mutant: what anybody could write says who sent a message
where first.rank = 1
    and contradicting.number > 0
    and not (first.is_guarded and not other.is_guarded)
union all
-- Rooms that the older table says are of another type, where no key of messages tells which of the two is in use.
select
    'public.rooms',
    format(
        'public.rooms and public.chat_rooms say different types of %s rooms: write into both what they are, or remove those of the table that is not in use',
        count(distinct room.id)
    ),
    true
from schema_fix.legacy_rooms as former
join schema_fix.legacy_rooms as room
    on room.id = former.id
    and room.source = 'public.chat_rooms'
    and room.type <> former.type
where former.source = 'public.rooms'
    and not schema_fix.was_applied()
    -- mutant: of two types of a room one is taken
    and not schema_fix.messages_are_keyed_to_chat_rooms()
    -- Where anybody could have planted one of the two, section 01 takes what lets nobody in.
    and not (room.created_by <> former.created_by and (schema_fix.is_open('rooms', 'aw') or schema_fix.is_open('chat_rooms', 'aw')))
having count(*) > 0;
