--! Title: Primary key

-- Begin with what must be there: a table that is absent is a row that fails.
select
    e.name as object,
    'a primary key' as expected,
    case when c.oid is null then 'none' else 'a primary key' end as actual,
    c.oid is not null as pass
from (values ('public.notes')) as e (name)
left join pg_catalog.pg_constraint as c
    on c.conrelid = pg_catalog.to_regclass(e.name) and c.contype = 'p'
