--! Title: What others show of a room by asking who is in it, they show to those in it

-- Tables and views of others keep their rules, and these ask the fix's functions or read the chat's tables.
select
    o.person,
    f.source,
    f."row",
    v.verb,
    null as may_gain,
    'who waits or is blocked is not in the room that the row names' as may_lose
from pg_temp.followed_rooms as f
join pg_temp.outside as o on o.room = f.room
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)

union all

select i.person, f.source, f."row", v.verb, 'those in the room that the row names', null
from pg_temp.followed_rooms as f
join pg_temp.inside as i on i.room = f.room
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)

union all

-- Also rows that a view did not show to anybody.
select i.person, f.source, '=' || i.room, v.verb, 'those in the room that the row names', null
from pg_temp.followers as f
cross join pg_temp.inside as i
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
where f.relkind = 'v'

union all

select distinct mine.person, f.source, f."row", 'read', 'they are in one room with whom the row names', null
from pg_temp.followed_people as f
join pg_temp.inside as theirs on theirs.person = f.person
join pg_temp.inside as mine on mine.room = theirs.room

union all

select p.person, f.source, f."row", v.verb, null, 'the room that the row names does not exist'
from pg_temp.followed_rooms as f
cross join pg_temp.people as p
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
where f.is_missing

union all

select p.person, o.source, o."row", o.verb, null, 'a stranger could, by what the chat showed to everybody'
from pg_temp.open_rows as o
cross join pg_temp.told_of_the_chat as p

union all

select p.person, f.source, f."row", v.verb, null, 'a view no longer writes to the chat past its policies'
from pg_temp.followed as f
join pg_temp.followers as w on w.source = f.source and w.writes_past_policies
cross join pg_temp.people as p
cross join (values ('change'), ('delete'), ('add')) as v (verb)

union all

select
    p.person,
    p.source,
    p."row",
    p.verb,
    null,
    pg_catalog.format('it was acknowledged that %s, by which it goes, may answer otherwise', w.name)
from pg_temp.answered_otherwise as w
join pg_temp.possible as p on p.source = w.source

union all

-- The view chat_rooms shows the rooms of the older table, by whose policies people wrote through it.
select p.person, s.source, s."row", a.verb, null, 'it was acknowledged that the policy of rooms which gave it may go'
from pg_temp.acknowledged as a
join pg_temp.shown as s on a.source = 'public.rooms' and s.source = 'public.chat_rooms'
cross join pg_temp.people as p

union all

-- What the fix makes: the views that policies ask, and the view chat_rooms under another name.
select i.person, v.source, '=' || i.room, 'read', 'those in the room that the row names', null
from (values ('chat_access.my_rooms'), ('public.chat_rooms_legacy_view')) as v (source)
cross join pg_temp.inside as i

union all

select r.creator, 'chat_access.my_new_groups', '=' || r.id, 'read', 'they made the group, and nobody is in it', null
from pg_temp.known_rooms as r
where
    r.type = 'group' and r.creator is not null
    and not exists (select from pg_temp.chat_members as m where m.room = r.id and m.person is not null)

union all

-- A view of others shows a room under its new id, or another number of its rows, to whom it showed the room before.
select p.person, f.source, '=' || f.room, 'read', 'the view showed them the same room', null
from pg_temp.followed_rooms as f
join pg_temp.followers as w on w.source = f.source and w.relkind = 'v'
join pg_temp.possible as p on p.source = f.source and p."row" = f."row" and p.verb = 'read'

union all

-- Where a membership moves to the table that a view of others reads, the view shows it to who could read it where it was.
select distinct p.person, f.source, '=' || m.room, 'read', 'they could read the membership that the view shows', null
from pg_temp.chat_members as m
join pg_temp.possible as p on p.source = m.source and p.tid = m.tid and p.verb = 'read'
cross join pg_temp.followers as f
where f.relkind = 'v' and m.room is not null

union all

-- And whoever made a room is in it from now on.
select distinct p.person, f.source, '=' || r.id, 'read', 'they could read the room that the view shows', null
from pg_temp.chat_rooms as r
join pg_temp.possible as p on p.source = r.source and p.tid = r.tid and p.verb = 'read'
cross join pg_temp.followers as f
where f.relkind = 'v' and r.id is not null

union all

-- Who waits as an admin may become a member who waits. Whether they can be seen to depends on which columns there are.
select
    p.person,
    m.source,
    m.tid::text,
    'change',
    case
        when p.person = s.person or exists (select from pg_temp.admins as a where a.room = s.room and a.person = p.person)
            then 'who waits as an admin may wait as a member, and an admin decides'
    end,
    'nobody lets themselves in, or promotes themselves'
from pg_temp.standings as s
join pg_temp.chat_members as m on m.room = s.room and m.person = s.person
cross join pg_temp.people as p
where s.status = 'pending' and s.is_admin
