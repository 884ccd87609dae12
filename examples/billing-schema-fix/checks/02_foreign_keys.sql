--! Title: Foreign keys

select
    e.source || '.' || e.col as object,
    e.target as expected,
    coalesce(pg_catalog.string_agg(c.confrelid::pg_catalog.regclass::text, ', '), 'no key') as actual,
    coalesce(pg_catalog.bool_and(c.confrelid = pg_catalog.to_regclass(e.target)), false) as pass
from (values
    ('public.members', 'organisation_id', 'public.organisations'),
    ('public.members', 'user_id', 'public.users'),
    ('public.invoices', 'organisation_id', 'public.organisations')
) as e (source, col, target)
left join pg_catalog.pg_attribute as a
    on a.attrelid = pg_catalog.to_regclass(e.source) and a.attname = e.col and not a.attisdropped
left join pg_catalog.pg_constraint as c
    on c.conrelid = a.attrelid and c.conkey = array[a.attnum] and c.contype = 'f'
group by e.source, e.col, e.target
order by e.source, e.col
