--! Title: What has to be decided about rooms of two of which nothing says what they are, and those of three that say that they are of two

-- A room in which people have memberships of a group becomes one: its creator adds whom they like, and whoever of the two opens their conversation
-- gets another room. Where no word, boolean or title says what it is, two people may be in it because nobody else is to be.
create view schema_fix.decisions_about_rooms_of_two (name, problem, may_be_acknowledged) as
select
    format('%s.type', room.source),
    format(
        '%s type, no word and no title: with the fix that is a group, to which others can be added, and open_or_create_dm opens another room for'
            ' the two: write dm or group into a column type of %s, or acknowledge it, if it is a group',
        case count(*)
            when 1 then format('a room of %s is of exactly two people, and nothing says its', room.source)
            else format('%s rooms of %s are of exactly two people, and nothing says their', count(*), room.source)
        end,
        room.source
    ),
    true
from schema_fix.legacy_rooms as room
join (
    select room_id
    from schema_fix.legacy_members
    group by room_id
    -- mutant: a conversation of two of which nothing says the type is a group
    having bool_or(source = 'public.chat_room_members')
        and count(distinct person) = 2
) as people
    on people.room_id = room.id
where not exists (
        select
        from schema_fix.legacy_rooms as other
        where other.id = room.id
            and (other.type is not null or concat(btrim(other.word), btrim(other.title), btrim(other.slug)) <> '')
    )
    and not schema_fix.was_applied()
group by room.source
union all
-- Of three people a conversation of two stays as it is for ever. Where a boolean says so, it may be one that nobody sets.
select
    format('%s.%I', room.source, said.name),
    format(
        '%s of three or more people who are in public.chat_room_members, and by %I no group: with the fix that is a'
            ' conversation of two, which nobody leaves, and where nobody can be removed or added: let it say group, or acknowledge it',
        case count(*) when 1 then format('a room of %s is', room.source) else format('%s rooms of %s are', count(*), room.source) end,
        said.name
    ),
    true
from schema_fix.legacy_rooms as room
join schema_fix.present_tables as present
    on 'public.' || present.table_name = room.source
cross join lateral (
    select name
    from unnest(
        (case when schema_fix.meaning_of('type', room.word) = 'dm' then schema_fix.columns_for(present.table_id, 'type') end)[1:1]
            || schema_fix.flags_for(present.table_id, 'type', 'group')
    ) with ordinality as saying (name, place)
    order by place
    limit 1
) as said
join (
    select room_id
    from schema_fix.legacy_members
    where status = 'approved'
    group by room_id
    -- mutant: a group that a boolean says is none is a conversation that nobody leaves
    having count(distinct user_id) filter (where source = 'public.chat_room_members') > 2
        and not bool_or(source = 'public.room_members')
) as people
    on people.room_id = room.id
where room.type = 'dm'
    and not exists (select from schema_fix.legacy_rooms as other where other.id = room.id and other.type = 'group')
    and not schema_fix.was_applied()
group by room.source, said.name;
