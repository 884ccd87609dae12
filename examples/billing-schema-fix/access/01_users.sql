--! Title: Everybody reads themselves

select
    p.person,
    r.source,
    r.row,
    v.verb,
    case when v.verb = 'read' and p.person = r.person then 'one reads oneself' end as reason,
    case when v.verb = 'read' and p.person = r.person then null else 'users are nobody else''s to read, and the application''s to change' end as denied
from pg_temp.billing_rows as r
cross join pg_temp.people as p
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
where r.source = 'public.users'
