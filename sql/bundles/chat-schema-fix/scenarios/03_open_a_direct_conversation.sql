--! Title: Test 3: a direct conversation is opened once, from whichever side

-- Fails when: ensure_direct_conversation makes a second room for a pair, or returns a bare uuid.

--! Step: alice opens a conversation with bob
--! As: alice
--! Expect: rows 1
--! Keep: room
select output_room_id
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.bob')::uuid);

--! Step: alice sends the first message
--! As: alice
--! Expect: rows 1
--! Keep: words
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.room')::uuid, (select auth.uid()), 'Scenario: hello bob')
returning content;

--! Step: bob, opening it from his side, finds the same room
--! As: bob
--! Expect: value same
select case output_room_id when current_setting('scenario.room')::uuid then 'same' else 'another' end
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.alice')::uuid);

--! Step: the older call finds it too
--! As: bob
--! Expect: value same
select case public.open_or_create_dm(partner => current_setting('actor.alice')::uuid)
    when current_setting('scenario.room')::uuid then 'same'
    else 'another'
end;

--! Step: bob reads the message
--! As: bob
--! Expect: value her words
select case content when current_setting('scenario.words') then 'her words' else 'others' end
from public.chat_messages
where room_id = current_setting('scenario.room')::uuid and sender <> (select auth.uid())
order by created_at desc
limit 1;

--! Step: both see the room and the two of them in it
--! As: bob
--! Expect: value dm with 2
select room.type || ' with ' || count(member.user_id)
from public.chat_rooms as room
join public.room_members as member on member.room_id = room.id
where room.id = current_setting('scenario.room')::uuid
group by room.type;

--! Step: with carol alice has another room
--! As: alice
--! Expect: value another
select case output_room_id when current_setting('scenario.room')::uuid then 'same' else 'another' end
from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.carol')::uuid);

--! Step: carol reads nothing of what alice and bob said
--! As: carol
--! Expect: refused
select content from public.chat_messages where room_id = current_setting('scenario.room')::uuid;
