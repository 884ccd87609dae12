--! Title: Amounts

-- Begin with what must be there: a column that is absent is a row that fails.
select
    'public.invoices.amount' as object,
    'numeric(12,2) not null' as expected,
    coalesce(
        pg_catalog.format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end, 'absent'
    ) as actual,
    coalesce(pg_catalog.format_type(a.atttypid, a.atttypmod) = 'numeric(12,2)' and a.attnotnull, false) as pass
from (values ('amount')) as e (name)
left join pg_catalog.pg_attribute as a
    on a.attrelid = pg_catalog.to_regclass('public.invoices') and a.attname = e.name and not a.attisdropped
