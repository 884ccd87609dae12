--! Title: Check RLS enabled

select
    expected.relation as object,
    'true' as expected,
    coalesce(c.relrowsecurity::text, 'no such table') as actual,
    coalesce(c.relrowsecurity, false) as pass
from (values ('chat_rooms'), ('chat_room_members'), ('room_members'), ('chat_messages')) as expected (relation)
left join pg_catalog.pg_class as c on c.oid = pg_catalog.to_regclass('public.' || expected.relation)
order by expected.relation;
