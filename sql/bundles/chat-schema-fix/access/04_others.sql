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
cross join pg_temp.people as p

union all

select p.person, f.source, f."row", v.verb, null, 'a view no longer writes to the chat past its policies'
from pg_temp.followed as f
join pg_temp.followers as w on w.source = f.source and w.writes_past_policies
cross join pg_temp.people as p
cross join (values ('change'), ('delete'), ('add')) as v (verb)

union all

-- What the fix makes: the view that policies ask, and the view chat_rooms under another name.
select i.person, v.source, '=' || i.room, 'read', 'those in the room that the row names', null
from (values ('chat_access.my_rooms'), ('public.chat_rooms_legacy_view')) as v (source)
cross join pg_temp.inside as i
