--! Title: Ids, times and numbers are the server's: nobody chooses one, whatever they may insert

-- Fails when: authenticated is granted insert on whole tables instead of columns. One person could then take the next thousand
-- numbers, or the highest, and nobody could send any more; a message dated 2999 would slow every poll.

--! Step: alice creates a group with bob
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.bob')::uuid],
    p_name => 'Scenario: numbers'
);

--! Step: bob sends a message from the year 2999
--! As: bob
--! Expect: error 42501
insert into public.chat_messages (room_id, sender, content, created_at)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: later', '2999-01-01');

--! Step: or one that was changed then
--! As: bob
--! Expect: error 42501
insert into public.chat_messages (room_id, sender, content, updated_at)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: later', '2999-01-01');

--! Step: or under an id of his choice, whatever type it has
--! As: bob
--! Expect: error 42501
insert into public.chat_messages (id, room_id, sender, content) overriding system value
select message.id, message.room_id, message.sender, message.content
from public.chat_messages as message
where false;

--! Step: no column of the four that counts or tells the time can be set
--! As: deployer
--! Expect: rows 0
select attribute.attrelid::regclass, attribute.attname
from pg_catalog.pg_attribute as attribute
left join pg_catalog.pg_attrdef as written
    on written.adrelid = attribute.attrelid and written.adnum = attribute.attnum
where attribute.attrelid in (
        'public.chat_rooms'::regclass, 'public.chat_room_members'::regclass, 'public.room_members'::regclass,
        'public.chat_messages'::regclass
    )
    and attribute.attnum > 0
    and not attribute.attisdropped
    and (
        attribute.attname in ('id', 'created_at', 'updated_at')
        -- Unless a trigger keeps it equal to the sender.
        or attribute.attname in ('sender_id', 'author_id')
        and not exists (
            select
            from pg_catalog.pg_trigger
            where tgrelid = attribute.attrelid
                and tgname = '00_former_' || attribute.attname
                and tgfoid = pg_catalog.to_regprocedure('public.chat_follow_column()')
        )
        or attribute.attidentity <> ''
        or pg_catalog.pg_get_expr(written.adbin, written.adrelid) like '%nextval(%'
    )
    and has_column_privilege('authenticated', attribute.attrelid, attribute.attnum, 'insert');

--! Step: alice makes a room under an id of her choice
--! As: alice
--! Expect: error 42501
insert into public.chat_rooms (id, type, title, created_by)
values (md5('chat room general')::uuid, 'group', 'Scenario: general', (select auth.uid()));

--! Step: or one that is the oldest of all
--! As: alice
--! Expect: error 42501
insert into public.chat_rooms (type, title, created_by, created_at)
values ('group', 'Scenario: oldest', (select auth.uid()), '1970-01-01');

--! Step: dave asks to join, first of all
--! As: dave
--! Expect: error 42501
insert into public.chat_room_members (room_id, user_id, role, status, created_at)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'pending', '1970-01-01');

--! Step: dave asks to join
--! As: dave
--! Expect: affected 1
insert into public.chat_room_members (room_id, user_id, role, status)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'member', 'pending');

--! Step: and was there before everybody, he says
--! As: dave
--! Expect: refused
update public.chat_room_members
set created_at = '1970-01-01'
where room_id = current_setting('scenario.group')::uuid and user_id = (select auth.uid());
select from public.chat_room_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and there.created_at = '1970-01-01';

--! Step: nor does alice say so, who decides who is in the group
--! As: alice
--! Expect: refused
update public.chat_room_members
set created_at = '1970-01-01'
where room_id = current_setting('scenario.group')::uuid and user_id = (select auth.uid());
select from public.chat_room_members as there
where there.room_id = current_setting('scenario.group')::uuid
    and there.user_id = (select auth.uid())
    and there.created_at = '1970-01-01';

--! Step: what the application sends goes through
--! As: bob
--! Expect: rows 1
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: now')
returning *;

--! Step: and so does a room
--! As: alice
--! Expect: rows 1
insert into public.chat_rooms (type, title, created_by)
values ('group', 'Scenario: a room', (select auth.uid()))
returning *;

--! Step: a group of a million people is refused before anybody is entered
--! As: alice
--! Expect: error 54000 a group is created with at most 1000 members
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array(select gen_random_uuid() from generate_series(1, 1001)),
    p_name => 'Scenario: everybody'
);
