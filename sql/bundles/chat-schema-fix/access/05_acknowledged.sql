--! Title: What it was acknowledged may go

select
    p.person,
    s.source,
    s.tid::text as row,
    a.verb,
    null as reason,
    'it was acknowledged that the policy which gave it may go' as denied
from pg_temp.acknowledged as a
join (select distinct source, tid from pg_temp.said) as s on s.source = a.source
cross join pg_temp.people as p
