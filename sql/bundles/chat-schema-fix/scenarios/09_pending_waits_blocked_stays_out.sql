--! Title: Whoever waits goes on waiting, whoever is blocked stays out

-- Fails when: user_is_group_member forgets the status, the update policy lets members change their own row, or a blocked
-- member may delete his row and ask again.

--! Step: alice creates a group with bob and carol
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.bob')::uuid, current_setting('actor.carol')::uuid],
    p_name => 'Scenario: at the door'
);

--! Step: carol writes something, as a member may
--! As: carol
--! Expect: affected 1
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: from carol');

--! Step: carol, who is in, writes her membership again, as an upsert does: it is there, which is no matter of privileges
--! As: carol
--! Expect: error 23505
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'approved');

--! Step: not as an admin
--! As: carol
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'admin', 'approved')
on conflict (room_id, user_id) do update set role = excluded.role;
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and there.role = 'admin';

--! Step: alice blocks carol
--! As: alice
--! Expect: affected 1
update public.chat_room_members
set status = 'blocked'
where room_id = current_setting('scenario.group')::uuid and user_id = current_setting('actor.carol')::uuid;

--! Step: dave asks to join
--! As: dave
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'pending');

--! Step: dave, waiting, reads no message
--! As: dave
--! Expect: refused
select content from public.chat_messages where room_id = current_setting('scenario.group')::uuid;

--! Step: sees no room
--! As: dave
--! Expect: refused
select title from public.chat_rooms where id = current_setting('scenario.group')::uuid;

--! Step: sees no member but himself
--! As: dave
--! Expect: refused
select user_id
from public.chat_room_members
where room_id = current_setting('scenario.group')::uuid and user_id <> (select auth.uid());

--! Step: sends nothing
--! As: dave
--! Expect: refused
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: let me in');

--! Step: does not approve himself
--! As: dave
--! Expect: refused
update public.chat_room_members
set status = 'approved'
where room_id = current_setting('scenario.group')::uuid and user_id = (select auth.uid());
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and there.status = 'approved';

--! Step: not by an upsert of his request either
--! As: dave
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'pending')
on conflict (room_id, user_id) do update set status = 'approved', role = 'admin';
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and (there.status = 'approved' or there.role = 'admin');

--! Step: his request is as it was
--! As: dave
--! Expect: value member pending
select role || ' ' || status
from public.chat_room_members
where room_id = current_setting('scenario.group')::uuid and user_id = (select auth.uid());

--! Step: alice writes something that carol is not to read
--! As: alice
--! Expect: affected 1
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: without carol');

--! Step: carol, blocked, reads no message of anybody's but her own
--! As: carol
--! Expect: refused
select content
from public.chat_messages
where room_id = current_setting('scenario.group')::uuid and sender <> (select auth.uid());

--! Step: sees no room
--! As: carol
--! Expect: refused
select title from public.chat_rooms where id = current_setting('scenario.group')::uuid;

--! Step: sees no member but herself
--! As: carol
--! Expect: refused
select user_id
from public.chat_room_members
where room_id = current_setting('scenario.group')::uuid and user_id <> (select auth.uid());

--! Step: does not unblock herself
--! As: carol
--! Expect: refused
update public.chat_room_members
set status = 'pending'
where room_id = current_setting('scenario.group')::uuid and user_id = (select auth.uid());

--! Step: nor by asking to join again
--! As: carol
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'pending')
on conflict (room_id, user_id) do update set status = excluded.status, role = excluded.role;

--! Step: nor by wiping the block away
--! As: carol
--! Expect: refused
delete from public.chat_room_members
where room_id = current_setting('scenario.group')::uuid and user_id = (select auth.uid());

--! Step: nor by the conversations' table
--! As: carol
--! Expect: refused
insert into public.room_members (room_id, user_id)
values (current_setting('scenario.group')::uuid, (select auth.uid()));

--! Step: a second admin's word would count, bob's does not: he approves nobody
--! As: bob
--! Expect: refused
update public.chat_room_members
set status = 'approved'
where room_id = current_setting('scenario.group')::uuid and user_id <> (select auth.uid());

--! Step: the deployer finds one waiting and one blocked
--! As: deployer
--! Expect: value carol blocked, dave pending
select string_agg(actor.name || ' ' || member.status, ', ' order by actor.name)
from unnest(array['carol', 'dave']) as actor (name)
join public.chat_room_members as member on member.user_id = current_setting('actor.' || actor.name)::uuid
where member.room_id = current_setting('scenario.group')::uuid;

--! Step: alice, who may, approves dave
--! As: alice
--! Expect: affected 1
update public.chat_room_members
set status = 'approved'
where room_id = current_setting('scenario.group')::uuid and user_id = current_setting('actor.dave')::uuid;

--! Step: and dave reads what was written before he came
--! As: dave
--! Expect: rows 2
select content from public.chat_messages where room_id = current_setting('scenario.group')::uuid;

-- Of somebody who has not written before: a rule of the application's own may keep back who sends twice.
--! Step: alice blocks bob
--! As: alice
--! Expect: affected 1
update public.chat_room_members
set status = 'blocked'
where room_id = current_setting('scenario.group')::uuid and user_id = current_setting('actor.bob')::uuid;

--! Step: who sends nothing
--! As: bob
--! Expect: refused
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: why?');
