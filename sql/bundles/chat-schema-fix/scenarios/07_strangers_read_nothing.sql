--! Title: A stranger reads no room, no member and no message

-- Fails when: a select policy of any of the four tables is `using (true)`, or row level security is off on one of them; a helper
-- or the guard of memberships answers otherwise where something is there.

--! Step: alice creates a group with bob
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.bob')::uuid],
    p_name => 'Scenario: private group'
);

--! Step: and opens a conversation with bob
--! As: alice
--! Expect: rows 1
--! Keep: dm
select output_room_id
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.bob')::uuid);

--! Step: she writes into both
--! As: alice
--! Expect: affected 2
insert into public.chat_messages (room_id, sender, content) values
    (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: to the group'),
    (current_setting('scenario.dm')::uuid, (select auth.uid()), 'Scenario: to bob');

--! Step: bob reads both rooms, their members and the messages
--! As: bob
--! Expect: value 2 rooms, 2 and 2 members, 2 messages
select concat(
    (
        select count(*)
        from public.chat_rooms
        where id in (current_setting('scenario.group')::uuid, current_setting('scenario.dm')::uuid)
    ),
    ' rooms, ',
    (select count(*) from public.chat_room_members where room_id = current_setting('scenario.group')::uuid),
    ' and ',
    (select count(*) from public.room_members where room_id = current_setting('scenario.dm')::uuid),
    ' members, ',
    (
        select count(*)
        from public.chat_messages
        where room_id in (current_setting('scenario.group')::uuid, current_setting('scenario.dm')::uuid)
    ),
    ' messages'
);

--! Step: the stranger finds no room at all
--! As: stranger
--! Expect: refused
select id from public.chat_rooms;

--! Step: no member of any group
--! As: stranger
--! Expect: refused
select user_id from public.chat_room_members;

--! Step: no member of any conversation
--! As: stranger
--! Expect: refused
select user_id from public.room_members;

--! Step: no message
--! As: stranger
--! Expect: refused
select content from public.chat_messages;

--! Step: the helpers tell the stranger that he is nowhere
--! As: stranger
--! Expect: value false false false false
select concat_ws(
    ' ',
    public.user_is_group_member(current_setting('scenario.group')::uuid)::text,
    public.user_is_group_admin(current_setting('scenario.group')::uuid)::text,
    public.user_is_room_member(current_setting('scenario.dm')::uuid)::text,
    public.user_is_in_room(current_setting('scenario.dm')::uuid)::text
);

--! Step: nor do they tell which rooms there are
--! As: stranger
--! Expect: value true true true
select concat_ws(
    ' ',
    public.chat_room_is_unused(current_setting('scenario.group')::uuid)::text,
    public.chat_room_is_unused(current_setting('scenario.dm')::uuid)::text,
    public.chat_room_is_unused('00000000-0000-0000-0000-000000000000')::text
);

--! Step: who adds somebody to a group of others does not learn whether it is the one who made it
--! As: stranger
--! Expect: value the same
do $$
declare
    person text;
    answers text[] := '{}';
begin
    foreach person in array array['alice', 'bob'] loop
        begin
            insert into public.chat_room_members (room_id, user_id, role, status)
            values (current_setting('scenario.group')::uuid, current_setting('actor.' || person)::uuid, 'member', 'pending');
            -- Both are in the group: a trigger of the project made it the stranger's own row.
            raise exception 'they ask for themselves';
        exception
            when others then
                answers := answers || sqlerrm;
        end;
    end loop;
    perform set_config(
        'scenario.answers',
        case
            when answers[1] = answers[2] and answers[1] in ('only an admin of the group does that', 'they ask for themselves') then 'the same'
            else array_to_string(answers, '; ')
        end,
        true
    );
end
$$;
select current_setting('scenario.answers');

--! Step: carol, a member of nothing here, does not learn from an insert whether a room is there
--! As: carol
--! Expect: refused
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: is anybody there?');

--! Step: nor when it is not there
--! As: carol
--! Expect: refused
insert into public.chat_messages (room_id, sender, content)
values ('00000000-0000-0000-0000-000000000000', (select auth.uid()), 'Scenario: is anybody there?');
