--! Title: Direct conversations
--! Remains: the functions that open a direct conversation

-- Returns the direct conversation of two people, who may be one, or creates it. Of several it returns one in which they wrote, or else one that no third
-- person created (anybody may have put the two into a room of theirs), or else the oldest. A room with a third person in it does not count.
-- mutant: ensure_direct_conversation acts for another
-- mutant: a conversation with a third person in it is taken for the pair's
-- mutant: every call opens another conversation
-- mutant: a name lets its two into what others wrote
-- mutant: the application's functions read with the caller's rights
-- mutant: two who open their conversation do not wait for each other
create or replace function public.ensure_direct_conversation(me uuid, partner uuid) returns table (output_room_id uuid)
language plpgsql
security definer
set search_path = public, extensions, pg_temp
as $$
#variable_conflict use_variable
declare
    found_room_id pg_catalog.uuid;
begin
    if me is null
        or me is distinct from public.chat_user_id()
        and coalesce(auth.role(), public.chat_user_id()::pg_catalog.text, 'service_role') <> 'service_role'
    then
        raise exception 'unauthorized: me must match authenticated user' using errcode = 'insufficient_privilege';
    end if;
    perform chat_access.refuse_temporary_objects();
    if partner is null then
        raise exception 'a direct conversation needs a partner' using errcode = 'invalid_parameter_value';
    end if;

    -- Two calls for the same two people, from either side, wait for each other, so that the second finds the room of the first.
    perform pg_catalog.pg_advisory_xact_lock(
        pg_catalog.hashtextextended(
            pg_catalog.concat('ensure_direct_conversation ', least(me, partner), ' ', greatest(me, partner)), 0
        )
    );
    select room.id
    into found_room_id
    from public.room_members as mine
    join public.room_members as theirs on theirs.room_id = mine.room_id and theirs.user_id = partner
    join public.chat_rooms as room on room.id = mine.room_id and room.type = 'dm'
    where mine.user_id = me
        and not exists (
            select
            from public.room_members as third
            where third.room_id = mine.room_id and third.user_id not in (me, partner)
        )
        -- Notes to oneself, in a room that nobody else was in or is let into by its name.
        and (
            me <> partner
            or (room.title ~ '^dm:') is not true
            and not exists (
                select
                from public.chat_room_members as waiting
                where waiting.room_id = mine.room_id and waiting.user_id <> me
            )
            and not exists (
                select
                from public.chat_messages as message
                where message.room_id = mine.room_id and (message.sender = me) is not true
            )
        )
    order by
        exists (
            select
            from public.chat_messages as message
            where message.room_id = room.id and message.sender in (me, partner)
        ) desc,
        (room.created_by not in (me, partner)) is true,
        room.created_at,
        room.id
    limit 1;

    -- A room in which one of them is blocked counts as well: a new one would let them in again.
    if found_room_id is null then
        select room.id
        into found_room_id
        from public.chat_room_members as blocked
        join public.room_members as other on other.room_id = blocked.room_id and other.user_id in (me, partner)
        join public.chat_rooms as room on room.id = blocked.room_id and room.type = 'dm'
        where blocked.user_id in (me, partner)
            and blocked.user_id <> other.user_id
            and blocked.status = 'blocked'
            and not exists (
                select
                from public.room_members as third
                where third.room_id = blocked.room_id and third.user_id not in (me, partner)
            )
        order by room.created_at, room.id
        limit 1;
    end if;

    -- So does a room that the first generation named after the two, dm:ID:ID, unless anybody else has a membership or has written in it:
    -- then the name proves nothing.
    if found_room_id is null then
        select room.id
        into found_room_id
        from public.chat_rooms as room
        where room.type = 'dm'
            and room.title in (pg_catalog.concat('dm:', me, ':', partner), pg_catalog.concat('dm:', partner, ':', me))
            and (room.created_by is null or room.created_by in (me, partner))
            and not exists (
                select
                from public.room_members as third
                where third.room_id = room.id and third.user_id not in (me, partner)
            )
            and not exists (
                select
                from public.chat_room_members as third
                where third.room_id = room.id and third.user_id not in (me, partner)
            )
            and not exists (
                select
                from public.chat_messages as message
                where message.room_id = room.id and (message.sender in (me, partner)) is not true
            )
        order by room.created_at, room.id
        limit 1;

        insert into public.room_members (room_id, user_id)
        select found_room_id, person.id
        from pg_catalog.unnest(array[me, partner]) as person (id)
        where found_room_id is not null
            and not exists (
                select
                from public.chat_room_members as waiting
                where waiting.room_id = found_room_id and waiting.user_id = person.id
            )
        on conflict (room_id, user_id) do nothing;
    end if;

    if found_room_id is null then
        begin
            insert into public.chat_rooms (type, title, created_by)
            values ('dm', 'Direct Message', me)
            returning id into found_room_id;
        exception
            -- A check or a trigger of the project refuses the title, or a unique rule over what is made of it: a slug.
            when check_violation or raise_exception or unique_violation then
                insert into public.chat_rooms (type, created_by)
                values ('dm', me)
                returning id into found_room_id;
        end;
        insert into public.room_members (room_id, user_id)
        values (found_room_id, me), (found_room_id, partner)
        on conflict (room_id, user_id) do nothing;
        -- A trigger of the project may have added them as members of a group.
        delete from public.chat_room_members as member
        where member.room_id = found_room_id;
    end if;
    return query select found_room_id;
end
$$;
-- Where conversations have no title, as the application shows the other person's name, the next has none.
do $$
begin
    if not (select are_given from schema_fix.titles_of_conversations) then
        execute replace(pg_get_functiondef('public.ensure_direct_conversation(uuid,uuid)'::regprocedure), '''Direct Message''', 'null');
    end if;
end
$$;
select schema_fix.own_function('public.ensure_direct_conversation(uuid,uuid)', '{authenticated,service_role}');
grant execute on function public.ensure_direct_conversation(uuid, uuid) to authenticated, service_role;
select schema_fix.explain(
    'public.ensure_direct_conversation(uuid,uuid)', 'Returns the direct conversation of the caller and another person, or creates it.'
);

-- The same for older clients, which pass only the other person and expect an id.
create or replace function public.open_or_create_dm(partner uuid) returns uuid
language sql
security definer
set search_path = ''
as $$
    select conversation.output_room_id
    from public.ensure_direct_conversation(public.chat_user_id(), partner) as conversation
$$;
-- mutant: the application's functions are executed by visitors
select schema_fix.own_function('public.open_or_create_dm(uuid)', '{authenticated,service_role}');
grant execute on function public.open_or_create_dm(uuid) to authenticated, service_role;
select schema_fix.explain('public.open_or_create_dm(uuid)', 'ensure_direct_conversation for clients that pass only the other person.');

-- Drops what sections 05 and 09 renamed only because old policies depended on it.
select schema_fix.drop_renamed_functions();
