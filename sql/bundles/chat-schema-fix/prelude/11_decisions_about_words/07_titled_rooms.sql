--! Title: What has to be decided about rooms with a title of which nothing says the type

-- A room of two without a type is a conversation of two, in which nobody can be added and which nobody joins. With a title it may be a group in which
-- there are only two at the moment.
create view schema_fix.decisions_about_titled_rooms (name, problem, may_be_acknowledged) as
select
    format('%s.%I', room.source, title.name),
    format(
        '%s of at most two people have a title, and nothing says their type: they would become conversations of two, which nobody can join: write dm'
            ' or group into a column type of %s, or acknowledge it, if they are conversations',
        case count(*) when 1 then format('a room of %s', room.source) else format('%s rooms of %s', count(*), room.source) end, room.source
    ),
    true
from schema_fix.legacy_rooms as room
join schema_fix.present_tables as present
    on 'public.' || present.table_name = room.source
cross join lateral unnest((schema_fix.columns_for(present.table_id, 'title'))[1:1]) as title (name)
join (
    select room_id, count(distinct person) as number
    from schema_fix.legacy_members
    group by room_id
    -- mutant: a group in which there are two becomes a conversation without a word
    having not bool_or(source = 'public.chat_room_members')
) as people
    on people.room_id = room.id
    and people.number <= 2
where btrim(room.title) <> ''
    and not exists (select from schema_fix.legacy_rooms as other where other.id = room.id and other.type is not null)
    and not schema_fix.was_applied()
group by room.source, title.name;
