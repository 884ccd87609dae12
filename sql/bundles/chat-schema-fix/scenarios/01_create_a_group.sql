--! Title: Test 1: a member creates a group and everybody added sees it

-- Fails when: create_group_room approves nobody, or the policies of chat_rooms and chat_room_members miss a member.

--! Step: alice creates a group with bob and carol in it
--! As: alice
--! Expect: rows 1
--! Keep: room
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_is_private => false,
    p_member_ids => array[current_setting('actor.bob')::uuid, current_setting('actor.carol')::uuid],
    p_name => 'Scenario: create a group'
);

--! Step: alice sees it in her list of groups
--! As: alice
--! Expect: value scenario: create a group
select lower(room.title)
from public.chat_room_members as member
join public.chat_rooms as room on room.id = member.room_id
where member.user_id = (select auth.uid())
    and member.status = 'approved'
    and room.id = current_setting('scenario.room')::uuid
    and room.type = 'group'
    and room.created_by = (select auth.uid());

--! Step: bob, who was added, sees it in his
--! As: bob
--! Expect: value scenario: create a group
select lower(room.title)
from public.chat_room_members as member
join public.chat_rooms as room on room.id = member.room_id
where member.user_id = (select auth.uid())
    and member.status = 'approved'
    and room.id = current_setting('scenario.room')::uuid;

--! Step: bob sees who else is in it, and who may admit others
--! As: bob
--! Expect: value admin approved,member approved,member approved
select string_agg(role || ' ' || status, ',' order by role, status)
from public.chat_room_members
where room_id = current_setting('scenario.room')::uuid;

--! Step: the admin is the one who created it
--! As: carol
--! Expect: rows 1
select user_id
from public.chat_room_members
where room_id = current_setting('scenario.room')::uuid
    and role = 'admin'
    and user_id = current_setting('actor.alice')::uuid;

--! Step: dave, who was not added, does not see it
--! As: dave
--! Expect: refused
select id from public.chat_rooms where id = current_setting('scenario.room')::uuid;
