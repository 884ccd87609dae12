--! Title: Members read their organisation, and who is in it

select
    p.person,
    r.source,
    r.row,
    v.verb,
    case when v.verb = 'read' and m.person is not null then 'a member of the organisation' end as reason,
    case when v.verb = 'read' and m.person is not null then null else 'only members read it, and only the application changes it' end as denied
from pg_temp.billing_rows as r
cross join pg_temp.people as p
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
left join pg_temp.memberships as m on m.organisation = r.organisation and m.person = p.person
where r.source in ('public.accounts', 'public.organisations', 'public.members')
