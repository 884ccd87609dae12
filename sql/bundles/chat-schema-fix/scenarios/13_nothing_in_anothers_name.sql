--! Title: Rooms are not created in another's name, nor in nobody's

-- Fails when: an application function trusts p_creator or me, compares it with a null subject, or the insert policy of
-- chat_rooms accepts a room without a creator.

--! Step: alice creates a group in her own name
--! As: alice
--! Expect: rows 1
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: in my name');

--! Step: and one in bob's
--! As: alice
--! Expect: refused
select public.create_group_room(
    p_creator => current_setting('actor.bob')::uuid,
    p_member_ids => array[current_setting('actor.alice')::uuid],
    p_name => 'Scenario: in his name'
);

--! Step: and one in nobody's
--! As: alice
--! Expect: refused
select public.create_group_room(p_creator => null, p_name => 'Scenario: in no name');

--! Step: she inserts a group of bob's
--! As: alice
--! Expect: refused
insert into public.chat_rooms (type, title, created_by)
values ('group', 'Scenario: in his name', current_setting('actor.bob')::uuid);
select from pg_temp.scenario_rooms as room
where room.created_by = current_setting('actor.bob')::uuid and lower(room.title) like 'scenario: in his name%';

--! Step: a group of nobody's
--! As: alice
--! Expect: refused
insert into public.chat_rooms (type, title, created_by) values ('group', 'Scenario: in no name', null);
select from pg_temp.scenario_rooms as room
where room.created_by is null and lower(room.title) like 'scenario: in no name%';

--! Step: a conversation of nobody's, which the historical policy allowed
--! As: alice
--! Expect: refused
insert into public.chat_rooms (type, title, created_by) values ('dm', 'Scenario: in no name', null);
select from pg_temp.scenario_rooms as room
where room.created_by is null and lower(room.title) like 'scenario: in no name%';

--! Step: a token without a subject creates a group in the name of null, which equals its own
--! As: nobody
--! Expect: refused
select public.create_group_room(p_creator => null, p_name => 'Scenario: in no name');

--! Step: or in the name that it does not have
--! As: nobody
--! Expect: refused
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: in no name');

--! Step: or opens a conversation from null
--! As: nobody
--! Expect: refused
select output_room_id from public.ensure_direct_conversation(me => null, partner => current_setting('actor.bob')::uuid);

--! Step: or by the older call
--! As: nobody
--! Expect: refused
select public.open_or_create_dm(partner => current_setting('actor.bob')::uuid);

--! Step: one room was created, alice's
--! As: deployer
--! Expect: value scenario: in my name
select string_agg(lower(title), ', ') from public.chat_rooms where lower(title) like 'scenario: in %';
