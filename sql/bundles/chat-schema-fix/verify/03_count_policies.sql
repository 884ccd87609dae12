--! Title: Count policies

select
    expected.relation as object,
    expected.policies::text as expected,
    pg_catalog.count(p.policyname)::text as actual,
    pg_catalog.count(p.policyname) = expected.policies as pass
from (
    values ('chat_rooms', 2), ('chat_room_members', 5), ('room_members', 2), ('chat_messages', 2)
) as expected (relation, policies)
left join pg_catalog.pg_policies as p on p.schemaname = 'public' and p.tablename = expected.relation
group by expected.relation, expected.policies
order by expected.relation;
