--! Title: Test 2: a message sent in a group reaches its members and nobody else

-- Fails when: the insert policy of chat_messages misses approved members, its defaults are gone, or its foreign key still
-- points at rooms.

--! Step: alice creates a group with bob in it
--! As: alice
--! Expect: rows 1
--! Keep: room
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.bob')::uuid],
    p_name => 'Scenario: send in a group'
);

--! Step: alice sends a message and gets her words back, which a trigger of the application's own may have written otherwise
--! As: alice
--! Expect: rows 1
--! Keep: words
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.room')::uuid, (select auth.uid()), 'First tee at seven')
returning content;

--! Step: bob reads them
--! As: bob
--! Expect: value her words
select case content when current_setting('scenario.words') then 'her words' else 'others' end
from public.chat_messages
where room_id = current_setting('scenario.room')::uuid and sender = current_setting('actor.alice')::uuid;

--! Step: bob answers and gets the row back, with an id and a time
--! As: bob
--! Expect: value true
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.room')::uuid, (select auth.uid()), 'I am in 🏌️')
returning (id is not null and created_at is not null and sender = (select auth.uid()))::text;

--! Step: alice reads the conversation in order
--! As: alice
--! Expect: rows 2
select sender, content, created_at
from public.chat_messages
where room_id = current_setting('scenario.room')::uuid
order by created_at;

--! Step: dave, who is no member, reads nothing
--! As: dave
--! Expect: refused
select content from public.chat_messages where room_id = current_setting('scenario.room')::uuid;

--! Step: realtime would deliver it
--! As: deployer
--! Expect: rows 0
select pubname
from pg_catalog.pg_publication
where pubname = 'supabase_realtime'
    and not exists (
        select
        from pg_catalog.pg_publication_tables as published
        where published.pubname = pg_publication.pubname
            and published.schemaname = 'public'
            and published.tablename = 'chat_messages'
    );
