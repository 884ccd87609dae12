--! Title: A room is seen by those in it, and made in one's own name

select
    p.person,
    r.source,
    r.tid::text as row,
    v.verb,
    d.destination,
    case
        when exists (select from pg_temp.inside as i where i.room = r.id and i.person = p.person) then 'those in a room see it'
        when not exists (select from pg_temp.seen as s where s.id = r.id) then 'nobody but its creator saw the room'
    end as reason,
    null as denied,
    null as may_gain,
    null as may_lose
from pg_temp.chat_rooms as r
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
cross join (values ('public.chat_rooms'), ('public.rooms')) as d (destination)
left join pg_temp.people as p
    on p.role = 'authenticated'
    and not exists (select from pg_temp.kept_back as k where k.source = d.destination and k.verb = v.verb)
    and (
        not exists (select from pg_temp.narrowed as n where n.source = r.source and n.verb = v.verb)
        or exists (
            select from pg_temp.possible as o where o.source = r.source and o.tid = r.tid and o.verb = v.verb and o.person = p.person
        )
    )
    and case v.verb
        when 'read' then exists (select from pg_temp.inside as i where i.room = r.id and i.person = p.person)
            and (d.destination = 'public.chat_rooms' or pg_catalog.has_any_column_privilege('authenticated', pg_catalog.to_regclass(d.destination), 'select'))
        when 'add' then d.destination = 'public.chat_rooms' and r.creator = p.person
        else false
    end
where v.verb <> 'add' or not exists (select from pg_temp.correcting as w where w.source = d.destination)

union all

select
    p.person, r.source, r.tid::text, 'add', null, null, null, 'a trigger of the application''s makes the room their own',
    case when p.person is distinct from r.creator then 'rooms are made in one''s own name' end
from pg_temp.chat_rooms as r
join pg_temp.correcting as w on w.source = 'public.chat_rooms'
cross join pg_temp.people as p
where p.role = 'authenticated'

union all

select null, r.source, r.tid::text, 'add', null, null, null, null, 'rooms are made in one''s own name'
from pg_temp.chat_rooms as r
join pg_temp.correcting as w on w.source = 'public.chat_rooms'

union all

select o.person, r.source, r.tid::text, 'read', d.destination, null, 'who waits or is blocked is not in the room', null, null
from pg_temp.chat_rooms as r
cross join (values ('public.chat_rooms'), ('public.rooms')) as d (destination)
join pg_temp.outside as o on o.room = r.id
