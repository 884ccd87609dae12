--! Title: What the fix's rules say in the small chat

-- Whether somebody made a room that others use and has no membership in it, and nothing else: only the creator's name let them in.
create function schema_fix.has_creators_outside() returns boolean
language plpgsql
stable
as $$
begin
    -- Hardly ever is there one, and then nobody looks through the messages.
    return exists (
        with outside as materialized (
            select room.id
            from schema_fix.legacy_rooms as room
            where room.created_by is not null
                and not schema_fix.was_applied()
                and not exists (
                    select from schema_fix.legacy_members as own where own.room_id = room.id and own.user_id = room.created_by
                )
                -- Where the tables name different creators, a stranger may have put himself into one of them.
                and not exists (
                    select from schema_fix.legacy_rooms as other where other.id = room.id and other.created_by <> room.created_by
                )
        )
        select
        from outside
        where outside.id in (
                select member.room_id from schema_fix.legacy_members as member where member.user_id is not null
                union all
                select made.id
                from schema_fix.legacy_messages as message
                join schema_fix.legacy_rooms as made
                    on made.id = message.room_id
                    and made.created_by is distinct from message.sender
            )
    );
end
$$;

-- Whether people are in conversations of two by memberships that move to room_members, and by no other, and find those where they are.
create function schema_fix.has_conversations_that_move() returns boolean
language plpgsql
stable
as $$
begin
    return exists (
        select
        from schema_fix.legacy_members as member
        join schema_fix.legacy_rooms as room
            on room.id = member.room_id
            and room.type = 'dm'
        where member.source = 'public.chat_room_members'
            and member.status = 'approved'
            -- Where two tables say different types of it, which of them is right is another question.
            and not exists (select from schema_fix.legacy_rooms as other where other.id = room.id and other.type = 'group')
            and not exists (
                select
                from schema_fix.legacy_members as other
                where other.source = 'public.room_members' and other.room_id = member.room_id and other.user_id = member.user_id
            )
            and member.source::regclass not in (select shut.table_id from schema_fix.tables_not_read as shut)
            and not schema_fix.was_applied()
    );
end
$$;

-- Whether the old policies showed people what they had written also where they are in the room no more, or wait or are blocked there. Where they did
-- not, what of others takes "reads a message of the room" for "is in it" would let those people in. What an earlier run left is evidence as well.
create function schema_fix.senders_keep_their_messages() returns boolean
language sql
stable
as $$
    select coalesce(
        bool_and(
            exists (
                select
                from schema_fix.rules_to_try as rule
                join schema_fix.answers as answer
                    using (policy_id, verb)
                where rule.table_name = 'chat_messages'
                    and rule.verb = 'select'
                    and answer.world = asked.world
            )
        ),
        false
    )
    from schema_fix.worlds as asked
    where asked.holds = 'messages'
        and asked.is_own
        and asked.has_room
        and not asked.is_creator
        and asked.status is distinct from 'approved'
$$;

-- What the fix's own rules say in a world (section 08, and 11 for the tables left behind), and whether the old ones are compared with it there.
create view schema_fix.worlds_of_rules as
with types as materialized (
    select type, schema_fix.meaning_of('type', type) as means
    from (select distinct type from schema_fix.worlds) as said
)
select
    ours.*,
    rule.table_id,
    rule.table_name,
    rule.verb,
    has_room and coalesce(
        case rule.table_name || ' ' || rule.verb
            when 'chat_messages select' then is_own and (select schema_fix.senders_keep_their_messages()) or status = 'approved'
            when 'chat_messages insert' then is_own and status = 'approved'
            when 'chat_rooms select' then status = 'approved'
            when 'chat_rooms insert' then is_own
            when 'room_members select' then is_own or status = 'approved'
            when 'chat_room_members select' then is_own or status = 'approved'
            when 'conversation_participants select' then status = 'approved'
            when 'rooms select' then status = 'approved'
            when 'chat_room_members insert' then status = 'approved' and role = 'admin'
            when 'chat_room_members update' then status = 'approved' and role = 'admin'
            when 'chat_room_members delete' then status = 'approved' and role = 'admin'
        end,
        false
    ) as is_let_in,
    case
        -- A message without a room goes to quarantine: a loss to others whom an old rule showed it, or let write one.
        when not has_room then is_own = (rule.verb = 'insert')
        -- After an earlier run whoever waits in a conversation has no row in room_members.
        when status <> 'approved' and types.means = 'dm' and (select schema_fix.was_imported('room_members who wait'))
            then false
        -- Whoever makes a conversation of two by themselves is alone in it: only the functions put somebody there.
        when rule.table_name = 'chat_rooms' and rule.verb = 'insert' and types.means = 'dm' then not is_own
        -- created_by by itself lets nobody into a room that others use: a loss, where somebody is in one by that alone.
        when is_creator and standing = 'nowhere' then rule.table_name = 'chat_rooms' and rule.verb = 'insert'
            or (select schema_fix.has_creators_outside()) and (
                -- mutant: who was in a room as its creator alone loses it without a word
                rule.holds in ('rooms', 'messages') and (rule.table_name <> 'chat_messages' or is_own = (rule.verb = 'insert'))
                -- mutant: who decided about a group as its creator alone decides no more, without a word
                or rule.table_name = 'chat_room_members' and not is_own and types.means is distinct from 'dm'
            )
        -- One speaks for nobody else.
        when rule.table_name = 'chat_messages' and rule.verb = 'insert' then is_own
        -- What one does to one's own membership: one sees it, asks to join, leaves, and never lets oneself in. Nobody leaves a
        -- conversation of two.
        when rule.table_name = 'chat_room_members' and rule.verb = 'delete' and is_own then
            -- mutant: who left a conversation of two by a membership that moves leaves no more, without a word
            status = 'approved' and types.means = 'dm' and (select schema_fix.has_conversations_that_move())
        when rule.holds = 'members' and is_own then
            rule.table_name = 'room_members' and (rule.verb = 'update' or rule.verb = 'delete' and types.means = 'dm') and standing = 'here' and 'room_members' = any (ours.held_in)
        -- A table of members that holds none of such a room says nothing about it.
        when rule.holds = 'members' and not rule.table_name = any (ours.others_in || ours.held_in) then false
        -- Only a group has admins.
        when rule.table_name = 'chat_room_members' and rule.verb <> 'select' then types.means is distinct from 'dm'
        else true
    end as is_compared
from schema_fix.worlds as ours
join types
    using (type)
join (select distinct table_id, table_name, holds, verb from schema_fix.rules_to_try) as rule
    using (holds);
