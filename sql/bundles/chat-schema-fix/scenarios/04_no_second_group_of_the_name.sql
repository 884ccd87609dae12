--! Title: Test 4: a second group of one creator with the same name is refused, by its own words

-- Fails when: idx_chat_rooms_unique_group is gone or create_group_room does not ask, or passes on Postgres' own message.

--! Step: alice creates a group
--! As: alice
--! Expect: rows 1
--! Keep: room
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: only once');

--! Step: alice creates it again
--! As: alice
--! Expect: error 23505 duplicate: a group with this name already exists
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: only once');

--! Step: a trailing space does not make it another name
--! As: alice
--! Expect: error 23505 duplicate: a group with this name already exists
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: only once ');

--! Step: nor do other capitals: who reads the list would take them for one
--! As: alice
--! Expect: error 23505 duplicate: a group with this name already exists
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'SCENARIO: only once');

--! Step: there is one such group, not two
--! As: deployer
--! Expect: rows 1
select id
from public.chat_rooms
where type = 'group'
    and lower(btrim(title)) = 'scenario: only once'
    and created_by = current_setting('actor.alice')::uuid;

--! Step: the table itself refuses a copy that comes past the function
--! As: alice
--! Expect: error 23505
insert into public.chat_rooms (type, title, created_by) values ('group', 'Scenario: only once', (select auth.uid()));

--! Step: bob may use the name
--! As: bob
--! Expect: rows 1
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: only once');
