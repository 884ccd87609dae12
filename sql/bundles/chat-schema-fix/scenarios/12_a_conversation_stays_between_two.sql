--! Title: Nobody adds a third person to a direct conversation, not even one of the two

-- Fails when: whoever is in a conversation may insert into room_members, or its creator may add members as if it were a group.

--! Step: alice opens a conversation with bob
--! As: alice
--! Expect: rows 1
--! Keep: dm
select output_room_id
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.bob')::uuid);

--! Step: bob opens one with carol
--! As: bob
--! Expect: rows 1
--! Keep: other
select output_room_id
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.carol')::uuid);

--! Step: alice and bob can talk
--! As: bob
--! Expect: affected 1
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.dm')::uuid, (select auth.uid()), 'Scenario: between two');

--! Step: alice, who opened it, adds carol
--! As: alice
--! Expect: refused
insert into public.room_members (room_id, user_id)
values (current_setting('scenario.dm')::uuid, current_setting('actor.carol')::uuid)
on conflict do nothing;
select from pg_temp.scenario_members as there
where there.room_id = current_setting('scenario.dm')::uuid
    and there.user_id = current_setting('actor.carol')::uuid;

--! Step: alice adds carol as if it were a group
--! As: alice
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.dm')::uuid, current_setting('actor.carol')::uuid, 'member', 'approved');

--! Step: alice makes herself the admin of it first
--! As: alice
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.dm')::uuid, (select auth.uid()), 'admin', 'approved');

--! Step: carol asks to be let in, which can be asked of a group only
--! As: carol
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.dm')::uuid, (select auth.uid()), 'member', 'pending');

--! Step: bob turns alice's place into carol's
--! As: bob
--! Expect: refused
update public.room_members
set user_id = current_setting('actor.carol')::uuid
where room_id = current_setting('scenario.dm')::uuid and user_id = current_setting('actor.alice')::uuid;

--! Step: alice moves her place into the conversation of bob and carol
--! As: alice
--! Expect: refused
update public.room_members
set room_id = current_setting('scenario.other')::uuid
where room_id = current_setting('scenario.dm')::uuid and user_id = (select auth.uid());

--! Step: bob throws alice out
--! As: bob
--! Expect: refused
delete from public.room_members
where room_id = current_setting('scenario.dm')::uuid and user_id = current_setting('actor.alice')::uuid;

--! Step: alice opens a conversation between bob and carol, in bob's name
--! As: alice
--! Expect: refused
select output_room_id
from public.ensure_direct_conversation(
    me => current_setting('actor.bob')::uuid, partner => current_setting('actor.carol')::uuid
);

--! Step: alice makes the conversation a group
--! As: alice
--! Expect: refused
update public.chat_rooms
set type = 'group', title = 'Scenario: for everybody'
where id = current_setting('scenario.dm')::uuid;

--! Step: carol reads nothing of it
--! As: carol
--! Expect: refused
select content from public.chat_messages where room_id = current_setting('scenario.dm')::uuid;

--! Step: and it is still a conversation of the two
--! As: deployer
--! Expect: value dm: alice bob
select room.type || ': ' || string_agg(actor.name, ' ' order by actor.name)
from public.chat_rooms as room
join public.room_members as member on member.room_id = room.id
join unnest(array['alice', 'bob', 'carol', 'dave', 'stranger']) as actor (name)
    on member.user_id = current_setting('actor.' || actor.name)::uuid
where room.id = current_setting('scenario.dm')::uuid
    and not exists (
        select
        from public.chat_room_members as let_in
        where let_in.room_id = room.id and let_in.user_id = current_setting('actor.carol')::uuid
    )
group by room.type;
