--! Title: Addresses

select
    e.tab || ' (' || e.cols || ')' as object,
    'a unique index' as expected,
    case when exists_it.is_there then 'a unique index' else 'none' end as actual,
    exists_it.is_there as pass
from (values
    ('public.users', 'email'),
    ('public.members', 'organisation_id, email')
) as e (tab, cols)
cross join lateral (
    select exists (
        select
        from pg_catalog.pg_index as i
        where i.indrelid = pg_catalog.to_regclass(e.tab)
            and i.indisunique
            and i.indisvalid
            and i.indpred is null
            and (
                select pg_catalog.string_agg(a.attname::text, ', ' order by k.place)
                from pg_catalog.unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
                join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
            ) = e.cols
    ) as is_there
) as exists_it
