--! Title: Test 4: a second group of one creator with the same name is refused, by its own words

-- Fails when: idx_chat_rooms_unique_group is gone, or create_group_room passes on Postgres' own message.

--! Step: alice creates a group
--! As: alice
--! Expect: rows 1
--! Keep: room
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: only once');

--! Step: alice creates it again
--! As: alice
--! Expect: value duplicate: a group with this name already exists
do $$
begin
    perform public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: only once');
    perform pg_catalog.set_config('scenario.answer', 'created twice', true);
exception
    when others then
        perform pg_catalog.set_config('scenario.answer', sqlerrm, true);
end
$$;
select current_setting('scenario.answer');

--! Step: a trailing space does not make it another name
--! As: alice
--! Expect: value duplicate: a group with this name already exists
do $$
begin
    perform public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: only once ');
    perform pg_catalog.set_config('scenario.answer', 'created twice', true);
exception
    when others then
        perform pg_catalog.set_config('scenario.answer', sqlerrm, true);
end
$$;
select current_setting('scenario.answer');

--! Step: there is one such group, not two
--! As: deployer
--! Expect: rows 1
select id
from public.chat_rooms
where type = 'group' and title = 'Scenario: only once' and created_by = current_setting('actor.alice')::uuid;

--! Step: bob may use the name
--! As: bob
--! Expect: rows 1
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: only once');
