--! Title: Nobody sends in another's name, and nobody edits or deletes another's message

-- Fails when: the insert policy of chat_messages forgets `sender = auth.uid()`, or an update or delete policy is there.

--! Step: alice creates a group with bob
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_member_ids => array[current_setting('actor.bob')::uuid],
    p_name => 'Scenario: whose words'
);

-- Before anybody has said anything: a rule of the application's own may keep back who sends twice, and Postgres asks it before the policies.

-- A trigger of the application's own may name bob before the policies are asked: that is not refused.

--! Step: bob speaks as alice
--! As: bob
--! Expect: refused
with spoken as (
    insert into public.chat_messages (room_id, sender, content)
    values (current_setting('scenario.group')::uuid, current_setting('actor.alice')::uuid, 'Scenario: forged')
    returning sender
)
select from spoken
where sender is distinct from (select auth.uid());

--! Step: bob speaks as nobody
--! As: bob
--! Expect: refused
with spoken as (
    insert into public.chat_messages (room_id, sender, content)
    values (current_setting('scenario.group')::uuid, null, 'Scenario: forged')
    returning sender
)
select from spoken
where sender is distinct from (select auth.uid());

--! Step: the stranger speaks as alice, in her own group
--! As: stranger
--! Expect: refused
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, current_setting('actor.alice')::uuid, 'Scenario: forged');

--! Step: alice says something
--! As: alice
--! Expect: rows 1
--! Keep: message
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: my words')
returning id;

--! Step: as they are written: a trigger of the application's own may make others of them
--! As: deployer
--! Expect: rows 1
--! Keep: words
select content from public.chat_messages where id::text = current_setting('scenario.message');

--! Step: bob, a member, speaks for himself
--! As: bob
--! Expect: affected 1
insert into public.chat_messages (room_id, sender, content)
values (current_setting('scenario.group')::uuid, (select auth.uid()), 'Scenario: his words');

--! Step: bob edits alice's message
--! As: bob
--! Expect: refused
update public.chat_messages
set content = 'Scenario: forged'
where room_id = current_setting('scenario.group')::uuid and sender = current_setting('actor.alice')::uuid;

--! Step: bob takes it as his own
--! As: bob
--! Expect: refused
update public.chat_messages
set sender = current_setting('actor.bob')::uuid
where room_id = current_setting('scenario.group')::uuid and sender = current_setting('actor.alice')::uuid;

--! Step: bob deletes it
--! As: bob
--! Expect: refused
delete from public.chat_messages
where room_id = current_setting('scenario.group')::uuid and sender = current_setting('actor.alice')::uuid;

--! Step: bob upserts over it by its id, which may be a uuid or a number
--! As: bob
--! Expect: refused
insert into public.chat_messages (id, room_id, sender, content)
overriding system value
select
    (pg_catalog.jsonb_populate_record(
        null::public.chat_messages, pg_catalog.jsonb_build_object('id', current_setting('scenario.message'))
    )).id,
    current_setting('scenario.group')::uuid,
    (select auth.uid()),
    'Scenario: forged'
on conflict (id) do update set content = excluded.content;

--! Step: alice's words are as she left them, and nobody has forged any
--! As: deployer
--! Expect: value alice: her words, bob
select string_agg(
    concat_ws(
        ': ', author.name, case when message.content = current_setting('scenario.words') and author.name = 'alice' then 'her words' end
    ),
    ', ' order by author.name
)
from public.chat_messages as message
left join unnest(array['alice', 'bob', 'carol', 'dave', 'stranger']) as author (name)
    on message.sender = current_setting('actor.' || author.name)::uuid
where message.room_id = current_setting('scenario.group')::uuid;
