--! Title: Row level security

select
    e.name as object,
    'on, with a policy' as expected,
    case
        when c.oid is null then 'absent'
        when not c.relrowsecurity then 'off'
        when p.policies = 0 then 'on, without a policy'
        else 'on, with a policy'
    end as actual,
    coalesce(c.relrowsecurity and p.policies > 0, false) as pass
from (values
    ('public.organisations'), ('public.users'), ('public.members'), ('public.invoices')
) as e (name)
left join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass(e.name)
cross join lateral (
    select pg_catalog.count(*) as policies from pg_catalog.pg_policy where polrelid = c.oid
) as p
