--! Title: A visitor without a session, and a token without a subject, can do nothing at all

-- Fails when: a table is granted to anon while a policy is `to public`, or a policy or a helper takes a missing subject for somebody.

--! Step: alice creates a group
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: shut');

--! Step: and a conversation with bob
--! As: alice
--! Expect: rows 1
--! Keep: dm
select output_room_id
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.bob')::uuid);

--! Step: and writes into both
--! As: alice
--! Expect: affected 2
insert into public.chat_messages (room_id, sender, content) values
    (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: shut'),
    (current_setting('scenario.dm')::uuid, (select auth.uid()), 'Scenario: shut');

--! Step: as they are written: a trigger of the application's own may make other words of them
--! As: deployer
--! Expect: rows 1
--! Keep: written
select concat_ws(
    ', ',
    (select title from public.chat_rooms where id = current_setting('scenario.group')::uuid),
    (select string_agg(content, ',') from public.chat_messages where room_id = current_setting('scenario.group')::uuid)
);

--! Step: the visitor reads rooms
--! As: visitor
--! Expect: refused
select * from public.chat_rooms;

--! Step: the visitor reads groups' members
--! As: visitor
--! Expect: refused
select * from public.chat_room_members;

--! Step: the visitor reads conversations' members
--! As: visitor
--! Expect: refused
select * from public.room_members;

--! Step: the visitor reads messages
--! As: visitor
--! Expect: refused
select * from public.chat_messages;

--! Step: the visitor inserts a room
--! As: visitor
--! Expect: refused
insert into public.chat_rooms (type, title, created_by)
values ('group', 'Scenario: by nobody', current_setting('actor.alice')::uuid);

--! Step: the visitor joins the group
--! As: visitor
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, current_setting('actor.stranger')::uuid, 'member', 'pending');

--! Step: the visitor joins it by an upsert
--! As: visitor
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, current_setting('actor.alice')::uuid, 'admin', 'approved')
on conflict (room_id, user_id) do update set role = 'member';

--! Step: the visitor joins the conversation
--! As: visitor
--! Expect: refused
insert into public.room_members (room_id, user_id)
values (current_setting('scenario.dm')::uuid, current_setting('actor.stranger')::uuid);

--! Step: the visitor sends a message
--! As: visitor
--! Expect: refused
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, current_setting('actor.alice')::uuid, 'Scenario: by nobody');

--! Step: the visitor edits messages
--! As: visitor
--! Expect: refused
update public.chat_messages set content = 'Scenario: by nobody';

--! Step: the visitor edits rooms
--! As: visitor
--! Expect: refused
update public.chat_rooms set title = 'Scenario: by nobody' where id = current_setting('scenario.group')::uuid;

--! Step: the visitor edits groups' members
--! As: visitor
--! Expect: refused
update public.chat_room_members set status = 'blocked';

--! Step: the visitor edits conversations' members
--! As: visitor
--! Expect: refused
update public.room_members set created_at = now();

--! Step: the visitor deletes messages
--! As: visitor
--! Expect: refused
delete from public.chat_messages;

--! Step: the visitor deletes rooms
--! As: visitor
--! Expect: refused
delete from public.chat_rooms;

--! Step: the visitor deletes groups' members
--! As: visitor
--! Expect: refused
delete from public.chat_room_members;

--! Step: the visitor deletes conversations' members
--! As: visitor
--! Expect: refused
delete from public.room_members;

--! Step: a token without a subject reads rooms
--! As: nobody
--! Expect: refused
select * from public.chat_rooms;

--! Step: a token without a subject reads groups' members
--! As: nobody
--! Expect: refused
select * from public.chat_room_members;

--! Step: a token without a subject reads conversations' members
--! As: nobody
--! Expect: refused
select * from public.room_members;

--! Step: a token without a subject reads messages
--! As: nobody
--! Expect: refused
select * from public.chat_messages;

--! Step: a token without a subject inserts a room
--! As: nobody
--! Expect: refused
insert into public.chat_rooms (type, title, created_by)
values ('group', 'Scenario: by nobody', current_setting('actor.alice')::uuid);

--! Step: a token without a subject joins the group
--! As: nobody
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, current_setting('actor.stranger')::uuid, 'member', 'pending');

--! Step: a token without a subject joins it by an upsert
--! As: nobody
--! Expect: refused
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, current_setting('actor.alice')::uuid, 'admin', 'approved')
on conflict (room_id, user_id) do update set role = 'member';

--! Step: a token without a subject joins the conversation
--! As: nobody
--! Expect: refused
insert into public.room_members (room_id, user_id)
values (current_setting('scenario.dm')::uuid, current_setting('actor.stranger')::uuid);

--! Step: a token without a subject sends a message
--! As: nobody
--! Expect: refused
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.dm')::uuid, current_setting('actor.bob')::uuid, 'Scenario: by nobody');

--! Step: a token without a subject edits messages
--! As: nobody
--! Expect: refused
update public.chat_messages set content = 'Scenario: by nobody';

--! Step: a token without a subject edits rooms
--! As: nobody
--! Expect: refused
update public.chat_rooms set title = 'Scenario: by nobody' where id = current_setting('scenario.group')::uuid;

--! Step: a token without a subject edits groups' members
--! As: nobody
--! Expect: refused
update public.chat_room_members set status = 'blocked';

--! Step: a token without a subject edits conversations' members
--! As: nobody
--! Expect: refused
update public.room_members set created_at = now();

--! Step: a token without a subject deletes messages
--! As: nobody
--! Expect: refused
delete from public.chat_messages;

--! Step: a token without a subject deletes rooms
--! As: nobody
--! Expect: refused
delete from public.chat_rooms;

--! Step: a token without a subject deletes groups' members
--! As: nobody
--! Expect: refused
delete from public.chat_room_members;

--! Step: a token without a subject deletes conversations' members
--! As: nobody
--! Expect: refused
delete from public.room_members;

--! Step: the visitor calls create_group_room
--! As: visitor
--! Expect: error 42501
select public.create_group_room(p_creator => current_setting('actor.alice')::uuid, p_name => 'Scenario: by nobody');

--! Step: the visitor calls ensure_direct_conversation
--! As: visitor
--! Expect: error 42501
select output_room_id
from public.ensure_direct_conversation(
    me => current_setting('actor.alice')::uuid, partner => current_setting('actor.bob')::uuid
);

--! Step: the visitor calls open_or_create_dm
--! As: visitor
--! Expect: error 42501
select public.open_or_create_dm(partner => current_setting('actor.bob')::uuid);

--! Step: the helpers know nobody without a subject
--! As: nobody
--! Expect: value false false false false
select concat_ws(
    ' ',
    public.user_is_group_member(current_setting('scenario.group')::uuid)::text,
    public.user_is_group_admin(current_setting('scenario.group')::uuid)::text,
    public.user_is_room_member(current_setting('scenario.dm')::uuid)::text,
    public.user_is_in_room(current_setting('scenario.dm')::uuid)::text
);

--! Step: alice's room and message are as she left them, and she alone is in the group
--! As: deployer
--! Expect: value as written, 1
select concat_ws(
    ', ',
    case current_setting('scenario.written')
        when concat_ws(
            ', ',
            (select title from public.chat_rooms where id = current_setting('scenario.group')::uuid),
            (select string_agg(content, ',') from public.chat_messages where room_id = current_setting('scenario.group')::uuid)
        ) then 'as written'
        else 'others'
    end,
    (
        select count(*)
        from public.chat_room_members
        where room_id = current_setting('scenario.group')::uuid and role = 'admin' and status = 'approved'
    )
);
