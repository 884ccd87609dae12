--! Title: What has to be decided about rows that anybody could have put there

-- Approved memberships that are in one table only, where anybody could have put them.
create view schema_fix.memberships_of_anybody as
select member.source, present.table_name, member.room_id, member.user_id
from schema_fix.legacy_members as member
join schema_fix.present_tables as present
    on 'public.' || present.table_name = member.source
where member.status = 'approved'
    and schema_fix.is_open(present.table_name, 'a')
    and not exists (
        select
        from schema_fix.legacy_members as other
        where other.source <> member.source
            and other.room_id = member.room_id
            and other.user_id = member.user_id
    );

-- Memberships and rooms that gave nobody a right under the old rules, would give one now, and could have been put there by whoever
-- likes to read: a decision for each table.
create view schema_fix.decisions_about_rows as
-- mutant: memberships that no rule asked are evidence
-- A table of members that the rules about messages never asked, while they asked another.
select
    member.source as name,
    format(
        'people could write to %s as they liked, no rule about messages asks it, and %s of its memberships are in no other table: delete those'
            ' that are not true, or acknowledge it, if all are',
        member.source, count(*)
    ) as problem,
    true as may_be_acknowledged
from schema_fix.memberships_of_anybody as member
where not schema_fix.rules_name('chat_messages', member.table_name::text)
    and exists (
        select
        from schema_fix.present_tables as asked
        where asked.holds = 'members'
            and schema_fix.rules_name('chat_messages', asked.table_name::text)
    )
group by member.source
union all
-- mutant: memberships of the other type of room are evidence
-- The table of members for the other type of room, where the rules go by the type.
select
    member.source,
    format(
        'people could write to %s as they liked, and %s of its memberships are of rooms of type %s, for which the rules about messages'
            ' ask another table: delete those that are not true, or acknowledge it, if all are',
        member.source, count(*), room.type
    ),
    true
from schema_fix.memberships_of_anybody as member
join (select distinct id, type from schema_fix.legacy_rooms) as room
    on room.id = member.room_id
    and room.type = case member.source when 'public.chat_room_members' then 'dm' when 'public.room_members' then 'group' end
where schema_fix.rules_name('chat_messages', 'chat_room_members')
    and schema_fix.rules_name('chat_messages', 'room_members')
    and exists (
        select
        from schema_fix.column_names as known
        where known.column_name = 'type'
            and schema_fix.rules_name('chat_messages', known.known_as::text)
    )
group by member.source, room.type
union all
-- mutant: a room that somebody made again is a room
-- Rooms of the first generation alone, with messages of people who are not in them, where the rules ask chat_rooms.
select
    'public.rooms',
    format(
        'people could write to public.rooms as they liked, no rule about messages asks it, and %s of its rooms, which public.chat_rooms'
            ' does not know, hold messages of people who are not in them: delete those that are not true, or acknowledge it, if all are',
        count(*)
    ),
    true
from schema_fix.legacy_rooms as room
where room.source = 'public.rooms'
    and schema_fix.is_open('rooms', 'a')
    and schema_fix.rules_name('chat_messages', 'chat_rooms')
    and not schema_fix.rules_name('chat_messages', 'rooms')
    and not exists (
        select from schema_fix.legacy_rooms as known where known.source = 'public.chat_rooms' and known.id = room.id
    )
    -- With a key, whoever deletes the room deletes its messages.
    and not exists (
        select
        from schema_fix.keys_of_columns
        where table_name = 'chat_messages'
            and column_name = 'room_id'
            and target = schema_fix.table_called('rooms')
    )
    and exists (
        select
        from schema_fix.legacy_messages as message
        where message.room_id = room.id
            and not exists (
                select
                from schema_fix.legacy_members as member
                where member.room_id = room.id
                    and member.user_id = message.sender
            )
    )
having count(*) > 0
union all
-- Ids of rooms that are text, and that memberships write otherwise than the rooms: to rules that compare texts these are nobody's.
select
    member.source,
    format(
        '%s memberships in %s write the id of their room otherwise than the room does (capitals, braces, blanks, no hyphens), so that no rule'
            ' that compares texts let them in; with the fix they are in it: delete them, or spell the id as the room does',
        count(*), member.source
    ),
    true
from schema_fix.legacy_members as member
cross join lateral (
    select member.row_data ->> written.name as room
    from unnest(schema_fix.columns_for(member.source::regclass, 'room_id')) as written (name)
    join pg_attribute as attribute
        on attribute.attrelid = member.source::regclass
        and attribute.attname = written.name
        and attribute.atttypid in ('text'::regtype, 'varchar'::regtype)
    limit 1
) as said
where member.status = 'approved'
    and not schema_fix.was_applied()
    and exists (select from pg_class where oid = schema_fix.table_called('chat_messages') and relrowsecurity)
    and schema_fix.rules_name('chat_messages', split_part(member.source, '.', 2))
    and exists (
        select
        from schema_fix.present_tables as rooms
        join pg_attribute as attribute
            on attribute.attrelid = rooms.table_id
            and attribute.attname = (schema_fix.columns_for(rooms.table_id, 'id'))[1]
            and attribute.atttypid in ('text'::regtype, 'varchar'::regtype)
        where rooms.holds = 'rooms'
    )
    and schema_fix.user_uuid(said.room) = member.room_id
    and said.room <> member.room_id::text
    and not exists (
        select
        from schema_fix.present_tables as rooms
        where rooms.holds = 'rooms'
            and schema_fix.is_written(rooms.table_id, (schema_fix.columns_for(rooms.table_id, 'id'))[1], said.room)
    )
group by member.source
union all
-- A history of memberships: a unique rule for some of them says which one counts, and of several the fix keeps the one that lets in less.
select
    index.indexrelid::regclass::text,
    format(
        'the unique index %s is for some memberships only, and %s people have an approved one beside another that lets them in no more;'
            ' with the fix they are not in the room: delete the rows that no longer count, or acknowledge it',
        index.indexrelid::regclass, count(distinct (member.room_id, member.user_id))
    ),
    true
from pg_index as index
join schema_fix.present_tables as present
    on present.table_id = index.indrelid
    and present.holds = 'members'
    and present.generation = 'current'
join schema_fix.legacy_members as member
    on member.source = 'public.' || present.table_name
    and member.status = 'approved'
    and exists (
        select
        from schema_fix.legacy_members as other
        where other.source = member.source
            and other.room_id = member.room_id
            and other.user_id = member.user_id
            and other.status = 'blocked'
    )
where index.indisunique
    and index.indpred is not null
    and not schema_fix.was_applied()
    and schema_fix.place_of(index.indrelid, (schema_fix.columns_for(index.indrelid, 'user_id'))[1]) = any (index.indkey::smallint[])
group by index.indexrelid;
