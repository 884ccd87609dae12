--! Title: A name in created_by lets nobody in, and whoever waits for a conversation goes on waiting

-- Fails when: user_is_in_room, user_is_group_admin or the policy of chat_rooms takes created_by for a membership, an admin may
-- enter the creator's row, somebody asks to join a group before its creator is in it, a group does not stay its creator's while they
-- fill it or stays so when they have left, whoever waits may delete the row that says
-- so, or a conversation's title counts for more than who wrote in it.

--! Step: in alice's group stands the stranger as its creator, who put the row there before the fix
--! As: deployer
--! Expect: rows 1
--! Keep: planted
set local search_path = public, extensions;
-- A trigger may take the creator from the token.
select set_config('request.jwt.claims', jsonb_build_object('sub', current_setting('actor.stranger'), 'role', 'authenticated')::text, true);
insert into public.chat_rooms (type, title, created_by)
values ('group', 'Scenario: planted', current_setting('actor.stranger')::uuid)
returning id;

--! Step: alice is its admin and bob its member, and both have written
--! As: deployer
--! Expect: affected 2
set local search_path = public, extensions;
delete from public.chat_room_members where room_id = current_setting('scenario.planted')::uuid;
insert into public.chat_room_members (room_id, user_id, role, status) values
    (current_setting('scenario.planted')::uuid, current_setting('actor.alice')::uuid, 'admin', 'approved'),
    (current_setting('scenario.planted')::uuid, current_setting('actor.bob')::uuid, 'member', 'approved');

--! Step: alice writes something
--! As: alice
--! Expect: affected 1
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.planted')::uuid, (select auth.uid()), 'Scenario: among us');

--! Step: the stranger reads no message of it
--! As: stranger
--! Expect: refused
select content from public.chat_messages where room_id = current_setting('scenario.planted')::uuid;

--! Step: does not see the room
--! As: stranger
--! Expect: refused
select title from public.chat_rooms where id = current_setting('scenario.planted')::uuid;

--! Step: nor who is in it
--! As: stranger
--! Expect: refused
select user_id from public.chat_room_members where room_id = current_setting('scenario.planted')::uuid;

--! Step: does not enter
--! As: stranger
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.planted')::uuid, (select auth.uid()), 'admin', 'approved');
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.planted')::uuid
    and there.user_id = (select auth.uid())
    and there.status = 'approved';

--! Step: writes nothing
--! As: stranger
--! Expect: refused
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.planted')::uuid, (select auth.uid()), 'Scenario: hello');

--! Step: removes nobody
--! As: stranger
--! Expect: refused
delete from public.chat_room_members where room_id = current_setting('scenario.planted')::uuid;

--! Step: is not its admin, whomever one asks
--! As: stranger
--! Expect: value false false
select concat_ws(
    ' ',
    public.user_is_in_room(current_setting('scenario.planted')::uuid)::text,
    public.user_is_group_admin(current_setting('scenario.planted')::uuid)::text
);

--! Step: an admin who is not the creator does not enter a row for them, blocked or not
--! As: alice
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.planted')::uuid, current_setting('actor.stranger')::uuid, 'member', 'blocked');
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.planted')::uuid
    and there.user_id = current_setting('actor.stranger')::uuid;

--! Step: the stranger may ask like anybody, and waits
--! As: stranger
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.planted')::uuid, (select auth.uid()), 'member', 'pending');

--! Step: even then
--! As: stranger
--! Expect: refused
select content from public.chat_messages where room_id = current_setting('scenario.planted')::uuid;

--! Step: a creator who has left a group does not come back by having created it
--! As: carol
--! Expect: rows 1
--! Keep: left
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.dave')::uuid],
    p_name => 'Scenario: left'
);

--! Step: carol leaves
--! As: carol
--! Expect: affected 1
delete from public.chat_room_members
where room_id = current_setting('scenario.left')::uuid and user_id = (select auth.uid());

--! Step: and does not let herself in again
--! As: carol
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.left')::uuid, (select auth.uid()), 'admin', 'approved');
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.left')::uuid
    and there.user_id = (select auth.uid())
    and there.status = 'approved';

--! Step: who makes a room as the older client does is its admin until somebody is in it: the room first
--! As: dave
--! Expect: rows 1
--! Keep: fresh
insert into public.chat_rooms (type, title, created_by)
values ('group', 'Scenario: fresh', (select auth.uid()))
returning id;

--! Step: then himself, unless a trigger of the project was quicker
--! As: dave
--! Expect: value admin approved
insert into public.chat_room_members (room_id, user_id, status)
values (current_setting('scenario.fresh')::uuid, (select auth.uid()), 'approved')
on conflict (room_id, user_id) do nothing;
select concat_ws(' ', role, status)
from public.chat_room_members
where room_id = current_setting('scenario.fresh')::uuid and user_id = (select auth.uid());

--! Step: then the others
--! As: dave
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.fresh')::uuid, current_setting('actor.carol')::uuid, 'member', 'approved');

--! Step: a group that dave has made, and in which he is not yet
--! As: dave
--! Expect: rows 1
--! Keep: empty
insert into public.chat_rooms (type, title, created_by)
values ('group', 'Scenario: empty', (select auth.uid()))
returning id;

--! Step: whatever a trigger of the project put there
--! As: deployer
--! Expect: value empty
set local search_path = public, extensions;
delete from public.chat_room_members where room_id = current_setting('scenario.empty')::uuid;
select 'empty';

--! Step: the stranger is not the first in it: while he waited there, dave would not be its admin
--! As: stranger
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.empty')::uuid, (select auth.uid()), 'member', 'pending');

--! Step: dave enters his group
--! As: dave
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.empty')::uuid, (select auth.uid()), 'admin', 'approved');

--! Step: then the stranger may ask
--! As: stranger
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.empty')::uuid, (select auth.uid()), 'member', 'pending');

--! Step: a group that carol fills before she is in it
--! As: carol
--! Expect: rows 1
--! Keep: begun
insert into public.chat_rooms (type, title, created_by)
values ('group', 'Scenario: begun', (select auth.uid()))
returning id;

--! Step: whatever a trigger of the project put there
--! As: deployer
--! Expect: value begun
set local search_path = public, extensions;
delete from public.chat_room_members where room_id = current_setting('scenario.begun')::uuid;
select 'begun';

--! Step: she adds alice
--! As: carol
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.begun')::uuid, current_setting('actor.alice')::uuid, 'member', 'approved');

--! Step: and bob
--! As: carol
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.begun')::uuid, current_setting('actor.bob')::uuid, 'member', 'approved');

--! Step: and then herself, and is its admin
--! As: carol
--! Expect: value admin approved
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.begun')::uuid, (select auth.uid()), 'member', 'approved');
select concat_ws(' ', role, status)
from public.chat_room_members
where room_id = current_setting('scenario.begun')::uuid and user_id = (select auth.uid());

--! Step: who adds dave
--! As: carol
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.begun')::uuid, current_setting('actor.dave')::uuid, 'member', 'approved');

--! Step: the stranger asks and names no status
--! As: stranger
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id) values (current_setting('scenario.begun')::uuid, (select auth.uid()));

--! Step: and waits
--! As: stranger
--! Expect: value pending
select status from public.chat_room_members where user_id = (select auth.uid()) and room_id = current_setting('scenario.begun')::uuid;

--! Step: carol leaves, as who may not be the last admin does after another
--! As: deployer
--! Expect: affected 1
set local search_path = public, extensions;
-- A trigger may ask whether an admin does it.
select set_config('request.jwt.claims', jsonb_build_object('sub', current_setting('actor.carol'), 'role', 'authenticated')::text, true);
update public.chat_room_members
set role = 'admin'
where room_id = current_setting('scenario.begun')::uuid and user_id = current_setting('actor.alice')::uuid;
delete from public.chat_room_members
where room_id = current_setting('scenario.begun')::uuid and user_id = current_setting('actor.carol')::uuid;

--! Step: and does not come back by having begun it
--! As: carol
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.begun')::uuid, (select auth.uid()), 'admin', 'approved');
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.begun')::uuid
    and there.user_id = (select auth.uid())
    and there.status = 'approved';

--! Step: a conversation named after alice and bob, in which only alice is and bob waits
--! As: deployer
--! Expect: rows 1
--! Keep: dm
set local search_path = public, extensions;
select set_config('request.jwt.claims', jsonb_build_object('sub', current_setting('actor.alice'), 'role', 'authenticated')::text, true);
insert into public.chat_rooms (type, title, created_by)
values (
    'dm', concat('dm:', current_setting('actor.alice'), ':', current_setting('actor.bob')), current_setting('actor.alice')::uuid
)
returning id;

--! Step: as the older application left it
--! As: deployer
--! Expect: affected 1
set local search_path = public, extensions;
delete from public.chat_room_members where room_id = current_setting('scenario.dm')::uuid;
insert into public.room_members (room_id, user_id)
values (current_setting('scenario.dm')::uuid, current_setting('actor.alice')::uuid)
on conflict (room_id, user_id) do nothing;
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.dm')::uuid, current_setting('actor.bob')::uuid, 'member', 'pending');
-- A trigger may let in who is first.
update public.chat_room_members
set role = 'member', status = 'pending'
where room_id = current_setting('scenario.dm')::uuid;

--! Step: alice has written in it
--! As: alice
--! Expect: affected 1
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.dm')::uuid, (select auth.uid()), 'Scenario: not yet');

--! Step: bob does not withdraw
--! As: bob
--! Expect: refused
delete from public.chat_room_members
where room_id = current_setting('scenario.dm')::uuid and user_id = (select auth.uid());

--! Step: and opens a conversation with alice
--! As: bob
--! Expect: rows 1
select output_room_id
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.alice')::uuid);

--! Step: which does not let him into that one
--! As: bob
--! Expect: refused
select content from public.chat_messages where room_id = current_setting('scenario.dm')::uuid;

--! Step: a conversation that is named after the stranger and carol, where somebody else has written
--! As: deployer
--! Expect: rows 1
--! Keep: named
set local search_path = public, extensions;
select set_config('request.jwt.claims', jsonb_build_object('sub', current_setting('actor.stranger'), 'role', 'authenticated')::text, true);
insert into public.chat_rooms (type, title, created_by)
values (
    'dm', concat('dm:', current_setting('actor.stranger'), ':', current_setting('actor.carol')),
    current_setting('actor.stranger')::uuid
)
returning id;

--! Step: alice, once
--! As: deployer
--! Expect: affected 1
set local search_path = public, extensions;
delete from public.chat_room_members where room_id = current_setting('scenario.named')::uuid;
delete from public.room_members where room_id = current_setting('scenario.named')::uuid;
-- A trigger may take the sender from the token.
select set_config('request.jwt.claims', jsonb_build_object('sub', current_setting('actor.alice'), 'role', 'authenticated')::text, true);
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.named')::uuid, current_setting('actor.alice')::uuid, 'Scenario: for other eyes');

--! Step: the stranger opens the conversation by its name
--! As: stranger
--! Expect: rows 1
select output_room_id
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.carol')::uuid);

--! Step: and reads nothing of alice's
--! As: stranger
--! Expect: refused
select content from public.chat_messages where sender = current_setting('actor.alice')::uuid;
