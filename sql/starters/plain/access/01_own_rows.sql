--! Title: Everybody does with their own rows what they like

-- A query over the database as it was: who is to do what with which row afterwards.
select p.person, 'public.notes' as source, n.ctid::text as row, v.verb
from public.notes as n
join pg_temp.people as p on p.claims ->> 'sub' = n.author
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
