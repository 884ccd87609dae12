--! Title: What has to be decided about rooms and their people that nothing else of the chat knows

-- A table room_members keyed to rooms makes both the chat's. Where neither was made as the first generation made rooms, and no room, message
-- or group membership has an id of theirs, they may as well be the lobbies of a game, and the name is needed.
create view schema_fix.decisions_about_tables_of_others (name, problem, may_be_acknowledged) as
select
    people.table_id::text,
    format(
        '%1$s and %2$s are keyed to one another, and nothing else of the chat knows a room of theirs: if they are something else (lobbies and'
            ' their players), rename %1$s first, for the fix needs its name, and %2$s is left alone; if they are the chat''s, their rooms and people'
            ' move into it',
        people.table_id, room.table_id
    ),
    true
from schema_fix.present_tables as room
join schema_fix.present_tables as people
    on people.table_name = 'room_members'
-- mutant: the lobbies of a game are moved into the chat without a word
where room.table_name = 'rooms'
    and not schema_fix.was_applied()
    and exists (
        select
        from schema_fix.keys_of_columns
        where table_name = 'room_members'
            and column_name = 'room_id'
            and target = room.table_id
    )
    and not exists (
        select
        from schema_fix.keys_of_columns
        where table_name in ('chat_messages', 'chat_room_members')
            and column_name = 'room_id'
            and target = room.table_id
    )
    and not schema_fix.has_first_columns('rooms')
    and exists (select from schema_fix.legacy_rooms where source = 'public.rooms')
    and exists (
        select
        from schema_fix.legacy_messages as message
        join schema_fix.legacy_rooms as place
            on place.id = message.room_id
            and place.source = 'public.chat_rooms'
    )
    and not exists (
        select
        from schema_fix.legacy_rooms as theirs
        where theirs.source = 'public.rooms'
            and theirs.id in (
                select id from schema_fix.legacy_rooms where source = 'public.chat_rooms'
                union all
                select room_id from schema_fix.legacy_messages
                union all
                select room_id from schema_fix.legacy_members where source = 'public.chat_room_members'
            )
    );
