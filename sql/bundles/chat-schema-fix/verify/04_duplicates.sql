--! Title: Check for duplicates

-- As the guide writes it: names are compared as they are. Check 7 compares them without case and outer blanks.
select
    'groups of one creator with one title' as object,
    '0' as expected,
    pg_catalog.count(*)::text as actual,
    pg_catalog.count(*) = 0 as pass
from (
    select
    from public.chat_rooms
    where type = 'group' and created_by is not null and pg_catalog.btrim(title) <> ''
    group by title, created_by
    having pg_catalog.count(*) > 1
) as duplicates;
