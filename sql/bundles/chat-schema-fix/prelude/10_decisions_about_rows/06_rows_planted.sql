--! Title: What has to be decided about rows that take something from others

-- Rows that anybody signed in could have put there under row level security, and that would shut others out, or name another creator of
-- their room. Where it is off, whoever could do that could do anything.
create view schema_fix.planted_in as
select open.table_name
from schema_fix.open_tables as open
join schema_fix.present_tables as present using (table_name)
join pg_class as relation
    on relation.oid = present.table_id
    and relation.relrowsecurity
where open.command = 'a'
    and not schema_fix.was_applied();

create view schema_fix.decisions_about_rows_planted (name, problem, may_be_acknowledged) as
-- mutant: a second membership shuts somebody out
select
    member.source,
    format(
        'people could write to %s as they liked, and %s people who are in a room by an approved membership have another there, by which they'
            ' would wait or be blocked: delete the one that is not true',
        member.source, count(distinct (member.room_id, member.user_id))
    ),
    true
from schema_fix.legacy_members as member
join schema_fix.planted_in as planted
    on member.source = 'public.' || planted.table_name
where member.status = 'approved'
    and exists (
        select
        from schema_fix.legacy_members as other
        where other.source = member.source
            and other.room_id = member.room_id
            and other.user_id = member.user_id
            and other.status <> 'approved'
    )
group by member.source
union all
-- mutant: a membership that no rule asks shuts somebody out of a conversation
select
    other.source,
    format(
        'people could write to %s as they liked, and %s of its memberships would shut people out of direct conversations that they are in by'
            ' public.room_members: delete those that are not true',
        other.source, count(*)
    ),
    true
from schema_fix.legacy_members as other
join schema_fix.planted_in as planted
    on planted.table_name = 'chat_room_members'
where other.source = 'public.chat_room_members'
    and other.status <> 'approved'
    and not exists (select from schema_fix.open_tables as open where open.table_name = 'room_members')
    and exists (
        select
        from schema_fix.legacy_members as member
        where member.source = 'public.room_members'
            and member.room_id = other.room_id
            and member.user_id = other.user_id
    )
    and exists (select from schema_fix.legacy_rooms as room where room.id = other.room_id and room.type = 'dm')
group by other.source
union all
-- mutant: whoever writes a room's id a second time made it
-- Rooms that are in a table twice.
select
    room.source,
    format(
        'people could make rooms of any id in %s, and %s ids there are of rooms that differ in creator or type: delete the rows that are not true',
        room.source, count(distinct room.id)
    ),
    true
from schema_fix.legacy_rooms as room
join schema_fix.planted_in as planted
    on room.source = 'public.' || planted.table_name
join schema_fix.legacy_rooms as other
    on other.source = room.source
    and other.id = room.id
    and (other.created_by <> room.created_by or other.type <> room.type)
group by room.source
union all
-- mutant: whoever writes a room's id into the older table made it
-- Rooms of both tables, of which the older one counts.
select
    'public.rooms',
    format(
        'people could write to public.rooms as they liked, and it names another creator of %s rooms than public.chat_rooms, whose creators'
            ' are in them or wrote in them: delete the rows that are not true',
        count(distinct room.id)
    ),
    true
from schema_fix.legacy_rooms as room
join schema_fix.legacy_rooms as former
    on former.source = 'public.rooms'
    and former.id = room.id
    and former.created_by <> room.created_by
where room.source = 'public.chat_rooms'
    and (select older_rooms from schema_fix.what_counts)
    and schema_fix.is_open('rooms', 'aw')
    -- A table that is left over is often without, and whoever writes there cannot write to the newer one.
    and exists (
        select
        from pg_class
        -- mutant: whoever writes into a table of rooms that is left over without row level security made the room
        where oid in (schema_fix.table_called('rooms'), schema_fix.table_called('chat_rooms'))
            and relrowsecurity
    )
    and not schema_fix.was_applied()
    and (
        exists (
            select
            from schema_fix.legacy_members as member
            where member.room_id = room.id
                and member.user_id = room.created_by
                and member.status = 'approved'
        )
        or exists (
            select from schema_fix.legacy_messages as message where message.room_id = room.id and message.sender = room.created_by
        )
    )
having count(*) > 0
union all
-- mutant: whoever made a room again lets people in
-- Participants of such rooms, where nothing asks who they are.
select
    'public.conversation_participants',
    format(
        'people could make rooms of any id in public.rooms, no rule about messages asks public.conversation_participants, and %s of its'
            ' memberships are of rooms that public.chat_rooms says somebody else created: delete those that are not true',
        count(*)
    ),
    true
from schema_fix.legacy_members as member
join schema_fix.planted_in as planted
    on planted.table_name = 'rooms'
join schema_fix.legacy_rooms as room
    on room.id = member.room_id
    and room.source = 'public.chat_rooms'
join schema_fix.legacy_rooms as former
    on former.id = room.id
    and former.source = 'public.rooms'
    and former.created_by <> room.created_by
where member.source = 'public.conversation_participants'
    and member.status = 'approved'
    and not schema_fix.rules_name('chat_messages', 'conversation_participants')
    and not exists (
        select
        from schema_fix.legacy_members as known
        where known.source <> member.source
            and known.room_id = member.room_id
            and known.user_id = member.user_id
            and known.status = 'approved'
    )
having count(*) > 0;
