--! Title: Test 5: a whole session of the application, and not one error in the browser's console

-- Fails when: authenticated lacks a privilege on one of the four tables, a policy recurses, a default is gone, or
-- chat_room_members has no foreign key to chat_rooms for the client's embed.

--! Step: alice opens the application: her groups, with the room embedded
--! As: alice
--! Expect: rows 0
select member.room_id, room.id, room.type, room.title, room.created_by
from public.chat_room_members as member
join public.chat_rooms as room on room.id = member.room_id
where member.user_id = (select auth.uid()) and member.status = 'approved';

--! Step: that embed needs exactly one foreign key to be found by
--! As: deployer
--! Expect: rows 1
select conname
from pg_catalog.pg_constraint
where contype = 'f'
    and conrelid = 'public.chat_room_members'::regclass
    and confrelid = 'public.chat_rooms'::regclass;

--! Step: she creates a group with bob, without saying whether it is private
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.bob')::uuid],
    p_name => 'Scenario: a session'
);

--! Step: opens a conversation with carol
--! As: alice
--! Expect: rows 1
--! Keep: dm
select output_room_id
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.carol')::uuid);

--! Step: writes into it and gets the row back
--! As: alice
--! Expect: rows 1
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.dm')::uuid, (select auth.uid()), 'Scenario: hello carol')
returning *;

--! Step: bob writes into the group
--! As: bob
--! Expect: rows 1
--! Keep: words
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: hello everybody')
returning content;

--! Step: alice reads the group by time
--! As: alice
--! Expect: rows 1
select * from public.chat_messages where room_id = current_setting('scenario.group')::uuid order by created_at;

--! Step: asks what is new since a moment ago
--! As: alice
--! Expect: rows 1
select *
from public.chat_messages
where room_id = current_setting('scenario.group')::uuid and created_at > now() - interval '1 minute'
order by created_at
limit 200;

--! Step: and what others wrote in any of her rooms
--! As: alice
--! Expect: value bob's words
select case content when current_setting('scenario.words') then 'bob''s words' else 'others' end
from public.chat_messages
where room_id in (current_setting('scenario.group')::uuid, current_setting('scenario.dm')::uuid)
    and sender <> (select auth.uid());

--! Step: reads a room by its id
--! As: alice
--! Expect: value scenario: a session
select lower(title) from public.chat_rooms where id = current_setting('scenario.group')::uuid;

--! Step: dave asks to join the group, as the client's upsert does it
--! As: dave
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'pending')
on conflict (room_id, user_id) do update
set room_id = excluded.room_id, user_id = excluded.user_id, role = excluded.role, status = excluded.status;

--! Step: he sees his own request, and it waits
--! As: dave
--! Expect: value pending
select status from public.chat_room_members where room_id = current_setting('scenario.group')::uuid;

--! Step: alice sees it among the group's requests
--! As: alice
--! Expect: rows 1
select user_id
from public.chat_room_members
where room_id = current_setting('scenario.group')::uuid and status = 'pending';

--! Step: and approves it
--! As: alice
--! Expect: affected 1
update public.chat_room_members
set status = 'approved'
where room_id = current_setting('scenario.group')::uuid and user_id = current_setting('actor.dave')::uuid;

--! Step: dave reads the group
--! As: dave
--! Expect: rows 1
select * from public.chat_messages where room_id = current_setting('scenario.group')::uuid order by created_at;

--! Step: dave leaves
--! As: dave
--! Expect: affected 1
delete from public.chat_room_members
where room_id = current_setting('scenario.group')::uuid and user_id = (select auth.uid());

--! Step: and reads it no more
--! As: dave
--! Expect: rows 0
select * from public.chat_messages where room_id = current_setting('scenario.group')::uuid;

--! Step: alice deletes the group, which the application offers and the policies have never allowed: no error, no effect
--! As: alice
--! Expect: affected 0
delete from public.chat_rooms where id = current_setting('scenario.group')::uuid;

--! Step: the older part of the client asks rooms, where they were there to be asked, and gets an answer without an error
--! As: alice
--! Expect: value answered
do $$
begin
    if (
        select count(*) = 4
        from pg_catalog.pg_attribute
        where attrelid = to_regclass('public.rooms')
            and attname in ('id', 'kind', 'slug', 'created_at')
            and has_column_privilege(attrelid, attnum, 'select')
    ) then
        execute 'select id, kind, slug, created_at from public.rooms';
    end if;
end
$$;
select 'answered';

--! Step: reading a helper by hand, as the guide does
--! As: alice
--! Expect: value false
select public.user_is_in_room('00000000-0000-0000-0000-000000000000')::text;
