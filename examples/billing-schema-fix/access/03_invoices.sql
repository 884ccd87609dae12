--! Title: Members read invoices, owners write them, and nobody takes one out of the books

select
    p.person,
    r.source,
    r.row,
    v.verb,
    case when w.may then 'a member of the organisation' end as reason,
    case when w.may then null else 'only members read invoices, and only owners write them' end as denied
from pg_temp.billing_rows as r
cross join pg_temp.people as p
cross join (values ('read'), ('change'), ('delete'), ('add')) as v (verb)
left join pg_temp.memberships as m on m.organisation = r.organisation and m.person = p.person
cross join lateral (
    select coalesce(m.person is not null and (v.verb = 'read' or m.is_owner and v.verb in ('change', 'add')), false) as may
) as w
where r.source = 'public.invoices'
