--! Title: Whoever writes reads back what they wrote: a client that inserts, upserts, updates and deletes asks for the rows

-- Fails when: a policy for select does not show a row to whoever may write it, because it reads what was there when the statement began: the
-- memberships of a group that is being filled, above all. Upserts need to read what they insert, too, whatever they return.

--! Step: alice makes a group in two steps, as a client does without a function: the room first
--! As: alice
--! Expect: rows 1
--! Keep: made
insert into public.chat_rooms (type, title, created_by)
values ('group', 'Scenario: read back', (select auth.uid()))
returning *;

--! Step: whatever a trigger of the project put there
--! As: deployer
--! Expect: value made
set local search_path = public, extensions;
delete from public.chat_room_members where room_id = current_setting('scenario.made')::uuid;
select 'made';

--! Step: then herself and bob, in one statement
--! As: alice
--! Expect: rows 2
insert into public.chat_room_members (room_id, user_id, role, status)
values
    (current_setting('scenario.made')::uuid, (select auth.uid()), 'admin', 'approved'),
    (current_setting('scenario.made')::uuid, current_setting('actor.bob')::uuid, 'member', 'approved')
returning *;

--! Step: all of them and carol, as an upsert that leaves what is there
--! As: alice
--! Expect: rows 1
insert into public.chat_room_members (room_id, user_id, role, status)
values
    (current_setting('scenario.made')::uuid, (select auth.uid()), 'admin', 'approved'),
    (current_setting('scenario.made')::uuid, current_setting('actor.bob')::uuid, 'member', 'approved'),
    (current_setting('scenario.made')::uuid, current_setting('actor.carol')::uuid, 'member', 'approved')
on conflict (room_id, user_id) do nothing
returning *;

--! Step: two messages at once
--! As: alice
--! Expect: rows 2
insert into public.chat_messages (room_id, sender, content)
values
    (current_setting('scenario.made')::uuid, (select auth.uid()), 'Scenario: the first'),
    (current_setting('scenario.made')::uuid, (select auth.uid()), 'Scenario: the second')
returning *;

--! Step: and one as an upsert
--! As: bob
--! Expect: rows 1
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.made')::uuid, (select auth.uid()), 'Scenario: the third')
on conflict (id) do nothing
returning *;

--! Step: dave asks to join, as an upsert
--! As: dave
--! Expect: rows 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.made')::uuid, (select auth.uid()), 'member', 'pending')
on conflict (room_id, user_id) do update
set role = excluded.role, status = excluded.status
returning *;

--! Step: and asks again
--! As: dave
--! Expect: rows 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.made')::uuid, (select auth.uid()), 'member', 'pending')
on conflict (room_id, user_id) do update
set role = excluded.role, status = excluded.status
returning *;

--! Step: alice approves him
--! As: alice
--! Expect: rows 1
update public.chat_room_members
set status = 'approved'
where room_id = current_setting('scenario.made')::uuid and user_id = current_setting('actor.dave')::uuid
returning *;

--! Step: removes carol
--! As: alice
--! Expect: rows 1
delete from public.chat_room_members
where room_id = current_setting('scenario.made')::uuid and user_id = current_setting('actor.carol')::uuid
returning *;

--! Step: and dave leaves
--! As: dave
--! Expect: rows 1
delete from public.chat_room_members
where room_id = current_setting('scenario.made')::uuid and user_id = (select auth.uid())
returning *;

--! Step: a group that carol fills before she enters it
--! As: carol
--! Expect: rows 1
--! Keep: filled
insert into public.chat_rooms (type, title, created_by)
values ('group', 'Scenario: filled', (select auth.uid()))
returning *;

--! Step: whatever a trigger of the project put there
--! As: deployer
--! Expect: value filled
set local search_path = public, extensions;
delete from public.chat_room_members where room_id = current_setting('scenario.filled')::uuid;
select 'filled';

--! Step: alice, as an upsert
--! As: carol
--! Expect: rows 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.filled')::uuid, current_setting('actor.alice')::uuid, 'member', 'approved')
on conflict (room_id, user_id) do nothing
returning *;

--! Step: then bob
--! As: carol
--! Expect: rows 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.filled')::uuid, current_setting('actor.bob')::uuid, 'member', 'approved')
returning *;

--! Step: the stranger reads nobody of a group that is being filled
--! As: stranger
--! Expect: refused
select user_id from public.chat_room_members where room_id = current_setting('scenario.filled')::uuid;

--! Step: carol reads who is in it
--! As: carol
--! Expect: rows 2
select user_id from public.chat_room_members where room_id = current_setting('scenario.filled')::uuid;

--! Step: removes bob again
--! As: carol
--! Expect: rows 1
delete from public.chat_room_members
where room_id = current_setting('scenario.filled')::uuid and user_id = current_setting('actor.bob')::uuid
returning *;

--! Step: enters it with dave
--! As: carol
--! Expect: rows 2
insert into public.chat_room_members (room_id, user_id, role, status)
values
    (current_setting('scenario.filled')::uuid, current_setting('actor.dave')::uuid, 'member', 'approved'),
    (current_setting('scenario.filled')::uuid, (select auth.uid()), 'admin', 'approved')
returning *;

--! Step: the last admin appoints another
--! As: carol
--! Expect: rows 1
update public.chat_room_members
set role = 'admin'
where room_id = current_setting('scenario.filled')::uuid and user_id = current_setting('actor.alice')::uuid
returning *;

--! Step: carol leaves
--! As: carol
--! Expect: rows 1
delete from public.chat_room_members
where room_id = current_setting('scenario.filled')::uuid and user_id = (select auth.uid())
returning *;

--! Step: and reads nobody of it, though she made it
--! As: carol
--! Expect: refused
select user_id from public.chat_room_members where room_id = current_setting('scenario.filled')::uuid;
