--! Title: A stranger cannot let himself or anybody into a group or a conversation

-- Fails when: the insert policy of room_members or chat_room_members is `with check (true)`, as the historical one was.

--! Step: alice creates a group with bob
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.bob')::uuid],
    p_name => 'Scenario: closed group'
);

--! Step: and opens a conversation with bob
--! As: alice
--! Expect: rows 1
--! Keep: dm
select output_room_id
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.bob')::uuid);

--! Step: and writes into both
--! As: alice
--! Expect: affected 2
insert into public.chat_messages (room_id, sender, content) values
    (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: closed'),
    (current_setting('scenario.dm')::uuid, (select auth.uid()), 'Scenario: closed');

--! Step: asking to join a group is allowed, and only that: dave does it rightly
--! As: dave
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'pending');

--! Step: the stranger enters the conversation
--! As: stranger
--! Expect: refused
insert into public.room_members (room_id, user_id)
values (current_setting('scenario.dm')::uuid, (select auth.uid()));

--! Step: or without minding whether he is in it already
--! As: stranger
--! Expect: refused
insert into public.room_members (room_id, user_id)
values (current_setting('scenario.dm')::uuid, (select auth.uid()))
on conflict do nothing;

--! Step: or by an upsert over alice's row
--! As: stranger
--! Expect: refused
insert into public.room_members (room_id, user_id)
values (current_setting('scenario.dm')::uuid, current_setting('actor.alice')::uuid)
on conflict (room_id, user_id) do update set user_id = current_setting('actor.stranger')::uuid;

--! Step: or by turning alice's row into his
--! As: stranger
--! Expect: refused
update public.room_members
set user_id = current_setting('actor.stranger')::uuid
where room_id = current_setting('scenario.dm')::uuid;

--! Step: the stranger enters the group, approved
--! As: stranger
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'approved');
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and there.status = 'approved';

--! Step: or asks to join as an admin
--! As: stranger
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'admin', 'pending');
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and there.role = 'admin';

--! Step: or by an upsert
--! As: stranger
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'approved')
on conflict (room_id, user_id) do update set status = 'approved';
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and there.status = 'approved';

--! Step: or lets a friend in
--! As: stranger
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, current_setting('actor.carol')::uuid, 'member', 'approved');
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = current_setting('actor.carol')::uuid;

--! Step: or asks to join in a friend's name
--! As: stranger
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, current_setting('actor.carol')::uuid, 'member', 'pending');
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = current_setting('actor.carol')::uuid;

--! Step: or claims that alice invited him
--! As: stranger
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status, invited_by)
values (
    current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'pending', current_setting('actor.alice')::uuid
);
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and there.invited_by = current_setting('actor.alice')::uuid;

--! Step: or enters the conversation by the groups' table
--! As: stranger
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.dm')::uuid, (select auth.uid()), 'member', 'approved');

--! Step: or the group by the conversations' table
--! As: stranger
--! Expect: refused
insert into public.room_members (room_id, user_id)
values (current_setting('scenario.group')::uuid, (select auth.uid()));

--! Step: or turns members out
--! As: stranger
--! Expect: refused
delete from public.chat_room_members where room_id = current_setting('scenario.group')::uuid;

--! Step: of both rooms
--! As: stranger
--! Expect: refused
delete from public.room_members where room_id = current_setting('scenario.dm')::uuid;

--! Step: after all that he reads nothing
--! As: stranger
--! Expect: refused
select content from public.chat_messages;

--! Step: and everybody is where they were
--! As: deployer
--! Expect: value alice bob dave, alice bob
select concat(
    (
        select string_agg(actor.name, ' ' order by actor.name)
        from unnest(array['alice', 'bob', 'carol', 'dave', 'stranger']) as actor (name)
        join public.chat_room_members as member on member.user_id = current_setting('actor.' || actor.name)::uuid
        where member.room_id = current_setting('scenario.group')::uuid
    ),
    ', ',
    (
        select string_agg(actor.name, ' ' order by actor.name)
        from unnest(array['alice', 'bob', 'carol', 'dave', 'stranger']) as actor (name)
        join public.room_members as member on member.user_id = current_setting('actor.' || actor.name)::uuid
        where member.room_id = current_setting('scenario.dm')::uuid
    )
);
