--! Title: Every call of the data API meets one function, by the names of its arguments

-- Fails when: an old overload of an application function is left in public, or an argument is renamed.

--! Step: the three functions exist once each
--! As: deployer
--! Expect: value create_group_room,ensure_direct_conversation,open_or_create_dm
select string_agg(proname, ',' order by proname)
from pg_catalog.pg_proc
where pronamespace = 'public'::regnamespace
    and proname in ('create_group_room', 'ensure_direct_conversation', 'open_or_create_dm');

--! Step: create_group_room with all its arguments, in another order
--! As: alice
--! Expect: rows 1
--! Keep: room
select public.create_group_room(
    p_name => 'Scenario: all arguments',
    p_member_ids => array[current_setting('actor.bob')::uuid],
    p_is_private => true,
    p_creator => (select auth.uid())
);

--! Step: it returns a scalar, which the client takes as the room's id
--! As: deployer
--! Expect: value uuid false
select prorettype::regtype || ' ' || proretset
from pg_catalog.pg_proc
where pronamespace = 'public'::regnamespace and proname = 'create_group_room';

--! Step: create_group_room with names given as null and repeated
--! As: alice
--! Expect: rows 1
--! Keep: repeated
select public.create_group_room(
    p_creator => (select auth.uid()),
    p_name => 'Scenario: repeated members',
    p_member_ids => array[
        current_setting('actor.bob')::uuid, null, current_setting('actor.bob')::uuid, current_setting('actor.alice')::uuid
    ]
);

--! Step: each is in it once, and the creator is still its admin
--! As: alice
--! Expect: value admin,member
select string_agg(role, ',' order by role)
from public.chat_room_members
where room_id = current_setting('scenario.repeated')::uuid;

--! Step: ensure_direct_conversation returns rows with one column, output_room_id
--! As: alice
--! Expect: rows 1
select conversation.output_room_id
from public.ensure_direct_conversation(partner => current_setting('actor.bob')::uuid, me => (select auth.uid())) as conversation;

--! Step: which the client reads as a list of objects, not as a bare id
--! As: deployer
--! Expect: value TABLE(output_room_id uuid)
select pg_catalog.pg_get_function_result(oid)
from pg_catalog.pg_proc
where pronamespace = 'public'::regnamespace and proname = 'ensure_direct_conversation';

--! Step: open_or_create_dm returns the bare id
--! As: alice
--! Expect: value same
select case public.open_or_create_dm(partner => current_setting('actor.bob')::uuid)
    when (
        select output_room_id
        from public.ensure_direct_conversation(me => (select auth.uid()), partner => current_setting('actor.bob')::uuid)
    )
        then 'same'
    else 'another'
end;
