--! Title: Row level security

select
    e.name as object,
    'on, with a policy' as expected,
    pg_catalog.format('%s, %s policies', case when c.relrowsecurity then 'on' else 'off' end, p.policies) as actual,
    coalesce(c.relrowsecurity and p.policies > 0, false) as pass
from (values ('public.notes')) as e (name)
left join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass(e.name)
cross join lateral (
    select pg_catalog.count(*) as policies from pg_catalog.pg_policy where polrelid = c.oid
) as p
