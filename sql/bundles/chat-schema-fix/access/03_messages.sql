--! Title: What is said in a room is for those in it, and each speaks for themselves

select
    p.person,
    m.source,
    m.tid::text as row,
    v.verb,
    case
        when exists (select from pg_temp.acknowledged as a where a.source = m.source and a.verb = v.verb)
            then 'it was acknowledged that the policy which kept it may go'
        when v.verb = 'add' and exists (
            select
            from pg_temp.possible as o
            join pg_temp.people as who on who.person = o.person and who.kind in ('stranger', 'visitor')
            where o.source = m.source and o.tid = m.tid and o.verb = v.verb and o.is_known
        )
            then 'a stranger could'
        when v.verb = 'read' and p.person = m.sender then 'one sees what one wrote'
        when v.verb = 'read' and not exists (select from pg_temp.heard as h where h.room = m.room) then 'nobody read what others wrote'
    end as reason,
    null as denied,
    null as may_gain,
    null as may_lose
from pg_temp.chat_messages as m
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
left join pg_temp.people as p
    on p.role = 'authenticated'
    and not exists (select from pg_temp.kept_back as k where k.source = m.source and k.verb = v.verb)
    and (
        not exists (select from pg_temp.narrowed as n where n.source = m.source and n.verb = v.verb)
        or exists (
            select from pg_temp.possible as o where o.source = m.source and o.tid = m.tid and o.verb = v.verb and o.person = p.person
        )
    )
    and case v.verb
        when 'read' then p.person = m.sender and (select schema_fix.senders_keep_their_messages())
            or exists (select from pg_temp.inside as i where i.room = m.room and i.person = p.person)
        when 'add' then p.person = m.sender
            and exists (select from pg_temp.inside as i where i.room = m.room and i.person = p.person)
        else false
    end
where v.verb <> 'add' or not exists (select from pg_temp.correcting as w where w.source = m.source)

union all

select
    p.person, m.source, m.tid::text, 'add', null, null,
    case when i.person is not null then 'a trigger of the application''s makes the message their own' end,
    case when i.person is null or p.person is distinct from m.sender then 'only those in a room write there, and each speaks for themselves' end
from pg_temp.chat_messages as m
join pg_temp.correcting as w on w.source = m.source
join pg_temp.people as p on p.role = 'authenticated'
left join pg_temp.inside as i on i.room = m.room and i.person = p.person

union all

select null, m.source, m.tid::text, 'add', null, null, null, 'only those in a room write there, and each speaks for themselves'
from pg_temp.chat_messages as m
join pg_temp.correcting as w on w.source = m.source

union all

select o.person, m.source, m.tid::text, v.verb, null, 'who waits or is blocked is not in the room', null, null
from pg_temp.chat_messages as m
cross join (values ('read'), ('add')) as v (verb)
join pg_temp.outside as o
    on o.room = m.room
    and (o.person is distinct from m.sender or v.verb = 'add' or not (select schema_fix.senders_keep_their_messages()))
where v.verb <> 'add' or not exists (select from pg_temp.correcting as w where w.source = m.source)

union all

-- What it was acknowledged may go, of any of the tables.
select
    p.person,
    s.source,
    s.tid::text as row,
    a.verb,
    null as reason,
    'it was acknowledged that the policy which gave it may go' as denied,
    null as may_gain,
    null as may_lose
from pg_temp.acknowledged as a
join (select distinct source, tid from pg_temp.said) as s on s.source = a.source
cross join pg_temp.people as p
