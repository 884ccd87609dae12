--! Title: Members see one another; who waits sees themselves, and an admin decides

with ruled as (
    select
        p.person,
        m.source,
        m.tid::text as row,
        v.verb,
        d.destination,
        case
            when v.verb = 'read' then 'those in a room see one another'
            when p.person = m.person then 'one asks for oneself, and leaves'
            else 'an admin decides who is in the group'
        end as reason,
        null as denied,
        exists (select from pg_temp.refusing as f where f.source = d.destination and f.verb = v.verb)
            or v.verb = 'add' and exists (select from pg_temp.correcting as w where w.source = d.destination) as is_refusing
    from pg_temp.chat_members as m
    left join pg_temp.known_rooms as r on r.id = m.room
    left join pg_temp.standings as s on s.room = m.room and s.person = m.person
    cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
    join pg_temp.member_destinations as d on d.source = m.source and d.tid = m.tid
    left join pg_temp.people as p
        on p.role = 'authenticated'
        and not exists (select from pg_temp.kept_back as k where k.source = d.destination and k.verb = v.verb)
        and (
            not exists (select from pg_temp.narrowed as n where n.source = m.source and n.verb = v.verb)
            or exists (
                select from pg_temp.possible as o where o.source = m.source and o.tid = m.tid and o.verb = v.verb and o.person = p.person
            )
        )
        and case
            when d.destination = 'public.conversation_participants' then v.verb = 'read'
                and pg_catalog.has_any_column_privilege('authenticated', pg_catalog.to_regclass(d.destination), 'select')
                and exists (select from pg_temp.inside as i where i.room = m.room and i.person = p.person)
            when v.verb = 'read' then r.id is not null and p.person = m.person
                or exists (select from pg_temp.inside as i where i.room = m.room and i.person = p.person)
            when d.destination = 'public.room_members' then v.verb = 'add' and r.type = 'dm' and p.person = m.person
                and exists (select from pg_temp.inside as i where i.room = m.room and i.person = p.person)
            when v.verb = 'delete' and p.person = m.person then s.status = 'approved' or s.status = 'pending' and r.type = 'group'
            -- A membership of a conversation of two that others refer to stays, and what is one's own in it.
            when r.type = 'dm' then v.verb = 'change' and p.person = m.person and s.status = 'approved'
                and d.destination = 'public.chat_room_members' and m.source = d.destination
                and exists (select from schema_fix.own_columns) and schema_fix.memberships_stay(pg_catalog.to_regclass(m.source))
            -- Who is in writes their own membership again, the one that stays, unless it names somebody else who invited them.
            when v.verb = 'add' and p.person = m.person and s.status = 'approved' and not s.is_admin then not exists (
                select
                from pg_temp.chat_members as o
                where o.room = m.room and o.person = m.person and o.invited_by <> p.person
                    and (o.source = m.source and o.tid = m.tid or schema_fix.meaning_of('status', o.word) is distinct from 'pending')
            )
            when v.verb = 'add' and m.invited_by <> p.person then false
            when v.verb = 'add' and m.person = r.creator and p.person <> m.person then false
            when v.verb = 'add' and p.person = m.person and s.status = 'pending' and not s.is_admin then true
            when v.verb = 'change' and p.person = m.person then s.status = 'pending' and not s.is_admin
                -- What only they read of their own membership: when they last read, say.
                or s.status = 'approved' and exists (select from schema_fix.own_columns)
                or exists (select from pg_temp.admins as a where a.room = m.room and a.person = p.person)
            when v.verb in ('change', 'delete') and m.person = r.creator and s.status = 'approved' and s.is_admin then false
            else exists (select from pg_temp.admins as a where a.room = m.room and a.person = p.person)
        end
    where (v.verb = 'change' and s.status = 'pending' and s.is_admin) is not true
)
select person, source, "row", verb, destination, reason, denied, null as may_gain, null as may_lose
from ruled
where not is_refusing

union all

-- Where the creator is an admin, they stay, and are not to be taken for somebody who cannot leave.
select a.person, m.source, m.tid::text, v.verb, 'public.chat_room_members', null, 'no other admin decides about the creator of a group', null, null
from pg_temp.chat_members as m
join pg_temp.known_rooms as r on r.id = m.room and r.type = 'group' and r.creator = m.person
join pg_temp.standings as s on s.room = m.room and s.person = m.person and s.status = 'approved' and s.is_admin
join pg_temp.admins as a on a.room = m.room and a.person <> m.person
cross join (values ('change'), ('delete')) as v (verb)

union all

-- A trigger of others may refuse it, or make another row of it.
select person, source, "row", verb, null, null, null, reason, null
from ruled
where is_refusing and person is not null

union all

select p.person, m.source, m.tid::text, 'add', null, null, null, 'a trigger of the application''s makes a request of their own of it', null
from pg_temp.chat_members as m
join pg_temp.correcting as w on w.source = 'public.chat_room_members'
join pg_temp.people as p on p.role = 'authenticated'

union all

select p.person, m.source, m.tid::text, f.verb, null, null, null, null, 'nobody lets themselves in, and who is blocked cannot leave'
from pg_temp.chat_members as m
join (
    select source, verb from pg_temp.refusing
    union select source, 'add' from pg_temp.correcting where source <> 'public.chat_messages'
) as f on f.source = m.source
cross join pg_temp.people as p
where not exists (select from ruled as r where r.source = m.source and r."row" = m.tid::text and r.verb = f.verb and r.person = p.person)
    and (
        f.verb <> 'change'
        or exists (
            select
            from pg_temp.possible as o
            join pg_temp.people as who on who.person = o.person and who.kind = 'stranger'
            where o.source = m.source and o.tid = m.tid and o.verb = f.verb
        )
    )

union all

-- Where it moves, it was acknowledged that nobody changes it any more.
select m.person, m.source, m.tid::text, 'change', 'public.room_members', null, 'it was acknowledged that nobody changes their part in a conversation of two', null, null
from pg_temp.chat_members as m
join pg_temp.known_rooms as r on r.id = m.room and r.type = 'dm'
where m.source = 'public.chat_room_members' and exists (select from schema_fix.own_columns)

union all

select o.person, m.source, m.tid::text, 'read', d.destination, null, 'who waits or is blocked is not in the room', null, null
from pg_temp.chat_members as m
join pg_temp.member_destinations as d on d.source = m.source and d.tid = m.tid
join pg_temp.outside as o
    on o.room = m.room and (o.person <> m.person or d.destination = 'public.conversation_participants')
