--! Title: Every call of the data API meets one function, by the names of its arguments

-- Fails when: an old overload of an application function is left in public, or an argument is renamed.

--! Step: by its arguments' names each call meets exactly one function (PGRST202: none, PGRST203: several)
--! As: deployer
--! Expect: rows 0
select call.name, call.arguments, count(candidate.oid) as candidates
from (values
    ('create_group_room', array['p_creator', 'p_is_private', 'p_member_ids', 'p_name']),
    ('create_group_room', array['p_creator', 'p_member_ids', 'p_name']),
    ('create_group_room', array['p_creator', 'p_name']),
    ('ensure_direct_conversation', array['me', 'partner']),
    ('open_or_create_dm', array['partner'])
) as call (name, arguments)
left join lateral (
    select pg_proc.oid
    from pg_catalog.pg_proc
    cross join lateral (
        select coalesce(array_agg(argument.name order by argument.position), '{}') as names
        from unnest(pg_proc.proargnames) with ordinality as argument (name, position)
        where coalesce(pg_proc.proargmodes[argument.position], 'i') in ('i', 'b', 'v')
    ) as takes
    where pg_proc.pronamespace = 'public'::regnamespace
        and pg_proc.proname = call.name
        and cardinality(takes.names) = pg_proc.pronargs
        and takes.names @> call.arguments
        and takes.names[:pg_proc.pronargs - pg_proc.pronargdefaults] <@ call.arguments
) as candidate on true
group by call.name, call.arguments
having count(candidate.oid) <> 1;

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
from public.ensure_direct_conversation(
    partner => current_setting('actor.bob')::uuid, me => (select auth.uid())
) as conversation;

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
