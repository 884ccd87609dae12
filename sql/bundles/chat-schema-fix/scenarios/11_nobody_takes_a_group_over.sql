--! Title: A member cannot promote himself, remove the admin, take the group over or move a membership

-- Fails when: the update policy of chat_room_members asks for a member instead of an admin or has no `with check`, its
-- delete policy lets members remove others, or chat_rooms may be updated.

--! Step: alice creates a group with bob and carol
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.bob')::uuid, current_setting('actor.carol')::uuid],
    p_name => 'Scenario: taken over'
);

--! Step: and another with bob
--! As: alice
--! Expect: rows 1
--! Keep: second
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.bob')::uuid],
    p_name => 'Scenario: the other group'
);

--! Step: bob has a group of his own
--! As: bob
--! Expect: rows 1
--! Keep: bobs
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: the group of bob');

--! Step: bob promotes himself
--! As: bob
--! Expect: refused
update public.chat_room_members
set role = 'admin'
where room_id = current_setting('scenario.group')::uuid and user_id = (select auth.uid());
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and there.role = 'admin';

--! Step: bob promotes himself by an upsert
--! As: bob
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'pending')
on conflict (room_id, user_id) do update set role = 'admin', status = 'approved';
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and there.role = 'admin';

--! Step: bob removes the admin
--! As: bob
--! Expect: refused
delete from public.chat_room_members
where room_id = current_setting('scenario.group')::uuid and user_id = current_setting('actor.alice')::uuid;

--! Step: bob removes carol
--! As: bob
--! Expect: refused
delete from public.chat_room_members
where room_id = current_setting('scenario.group')::uuid and user_id = current_setting('actor.carol')::uuid;

--! Step: bob degrades the admin
--! As: bob
--! Expect: refused
update public.chat_room_members
set role = 'member', status = 'blocked'
where room_id = current_setting('scenario.group')::uuid and user_id = current_setting('actor.alice')::uuid;

--! Step: bob becomes the group's creator
--! As: bob
--! Expect: refused
update public.chat_rooms
set created_by = (select auth.uid())
where id = current_setting('scenario.group')::uuid;

--! Step: or by an upsert of the room
--! As: bob
--! Expect: refused
insert into public.chat_rooms (id, type, title, created_by)
values (current_setting('scenario.group')::uuid, 'group', 'Scenario: mine now', (select auth.uid()))
on conflict (id) do update set created_by = excluded.created_by, title = excluded.title;

--! Step: bob deletes the room, and with it everything in it
--! As: bob
--! Expect: refused
delete from public.chat_rooms where id = current_setting('scenario.group')::uuid;

--! Step: bob, admin of his own group, moves his membership of it into alice's: an admin's row in a group that is not his
--! As: bob
--! Expect: refused
update public.chat_room_members
set room_id = current_setting('scenario.second')::uuid
where room_id = current_setting('scenario.bobs')::uuid and user_id = (select auth.uid());
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.second')::uuid
    and there.user_id = (select auth.uid())
    and there.role = 'admin';

--! Step: bob moves his own membership of alice's group elsewhere
--! As: bob
--! Expect: refused
update public.chat_room_members
set room_id = current_setting('scenario.bobs')::uuid
where room_id = current_setting('scenario.group')::uuid and user_id = (select auth.uid());
select
where not exists (
    select
    from pg_temp.scenario_members as there
    where there.room_id = current_setting('scenario.group')::uuid and there.user_id = (select auth.uid())
);

--! Step: alice, admin of both her groups, does not move carol from the one to the other
--! As: alice
--! Expect: refused
update public.chat_room_members
set room_id = current_setting('scenario.second')::uuid
where room_id = current_setting('scenario.group')::uuid and user_id = current_setting('actor.carol')::uuid;
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.second')::uuid
    and there.user_id = current_setting('actor.carol')::uuid;

--! Step: nor does she turn carol's membership into the stranger's
--! As: alice
--! Expect: refused
update public.chat_room_members
set user_id = current_setting('actor.stranger')::uuid
where room_id = current_setting('scenario.group')::uuid and user_id = current_setting('actor.carol')::uuid;
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = current_setting('actor.stranger')::uuid;

--! Step: everything is as alice made it
--! As: deployer
--! Expect: value scenario: taken over by alice: alice admin approved, bob member approved, carol member approved
select concat(
    lower(room.title), ' by ', min(creator.name), ': ',
    string_agg(concat_ws(' ', actor.name, member.role, member.status), ', ' order by actor.name)
)
from public.chat_rooms as room
join public.chat_room_members as member on member.room_id = room.id
join unnest(array['alice', 'bob', 'carol', 'dave', 'stranger']) as actor (name)
    on member.user_id = current_setting('actor.' || actor.name)::uuid
join unnest(array['alice', 'bob', 'carol', 'dave', 'stranger']) as creator (name)
    on room.created_by = current_setting('actor.' || creator.name)::uuid
where room.id = current_setting('scenario.group')::uuid
group by room.title;

--! Step: what an admin may: alice makes carol an admin beside her
--! As: alice
--! Expect: affected 1
update public.chat_room_members
set role = 'admin'
where room_id = current_setting('scenario.group')::uuid and user_id = current_setting('actor.carol')::uuid;
