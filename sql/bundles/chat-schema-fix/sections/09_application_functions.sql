--! Title: Application functions
--! Needs: 02, 04, 05
--! Remains: the functions that the application calls

-- What the application calls to make rooms. The data API finds a function by the names of its arguments, so each name must
-- lead to exactly one. They write as the owner: every one of them first asks who is calling.

-- Older generations of them, under other arguments or with another result.
do $$
begin
    perform chat_quarantine.make_way(
        'public.create_group_room(uuid,boolean,uuid[],text)', 'uuid',
        array['p_creator', 'p_is_private', 'p_member_ids', 'p_name'], 3
    );
    perform chat_quarantine.make_way(
        'public.ensure_direct_conversation(uuid,uuid)', 'TABLE(output_room_id uuid)',
        array['me', 'partner', 'output_room_id'], 0
    );
    perform chat_quarantine.make_way('public.open_or_create_dm(uuid)', 'uuid', array['partner'], 0);
end
$$;

-- A group with its creator as admin and the others in it at once. p_is_private is what the client sends; no group is open to
-- read without being let in, so it changes nothing.
create or replace function public.create_group_room(
    p_creator uuid, p_is_private boolean default false, p_member_ids uuid[] default '{}', p_name text default ''
) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
    -- A name is compared without its case and the blanks around it; a group without a name is like no other.
    group_name constant pg_catalog.text := nullif(pg_catalog.btrim(p_name), '');
    violated pg_catalog.text;
    new_room_id pg_catalog.uuid;
begin
    if p_creator is null or p_creator is distinct from public.chat_user_id() then
        raise exception 'unauthorized: creator must match authenticated user' using errcode = 'insufficient_privilege';
    end if;
    -- The API answers 413. A larger group is filled by its admin, some members at a time.
    if pg_catalog.cardinality(p_member_ids) > 1000 then
        raise exception 'a group is created with at most 1000 members' using errcode = 'program_limit_exceeded';
    end if;

    -- Two calls with one name wait for each other; the second then sees the first one's group.
    if group_name is not null then
        perform pg_catalog.pg_advisory_xact_lock(
            pg_catalog.hashtextextended('create_group_room ' || p_creator || ' ' || pg_catalog.lower(group_name), 0)
        );
        if exists (
            select
            from public.chat_rooms as room
            where room.type = 'group'
                and room.created_by = p_creator
                and pg_catalog.lower(pg_catalog.btrim(room.title)) = pg_catalog.lower(group_name)
        ) then
            raise exception 'duplicate: a group with this name already exists' using errcode = 'unique_violation';
        end if;
    end if;

    -- The unique index has the last word, over whoever inserts without this function.
    begin
        insert into public.chat_rooms (type, title, created_by)
        values ('group', group_name, p_creator)
        returning id into new_room_id;
    exception
        when unique_violation then
            get stacked diagnostics violated = constraint_name;
            if violated is distinct from 'idx_chat_rooms_unique_group' then
                raise;
            end if;
            raise exception 'duplicate: a group with this name already exists' using errcode = 'unique_violation';
    end;

    -- A trigger of somebody else's may have let people in already.
    insert into public.chat_room_members (room_id, user_id, role, status, invited_by)
    values (new_room_id, p_creator, 'admin', 'approved', p_creator)
    on conflict (room_id, user_id) do update
    set role = excluded.role, status = excluded.status, invited_by = excluded.invited_by;
    insert into public.chat_room_members (room_id, user_id, role, status, invited_by)
    select distinct new_room_id, invited.user_id, 'member', 'approved', p_creator
    from pg_catalog.unnest(p_member_ids) as invited (user_id)
    where invited.user_id <> p_creator
    on conflict (room_id, user_id) do nothing;
    return new_room_id;
end
$$;

-- The conversation of two people: their oldest, or a new one. One with a third person in it is not theirs.
create or replace function public.ensure_direct_conversation(me uuid, partner uuid) returns table (output_room_id uuid)
language plpgsql
security definer
set search_path = ''
as $$
declare
    found_room_id pg_catalog.uuid;
begin
    if me is null or me is distinct from public.chat_user_id() then
        raise exception 'unauthorized: me must match authenticated user' using errcode = 'insufficient_privilege';
    end if;
    if partner is null or partner = me then
        raise exception 'a direct conversation needs another person' using errcode = 'invalid_parameter_value';
    end if;

    -- Two calls for one pair, from whichever side, wait for each other; the second then sees the first one's room.
    perform pg_catalog.pg_advisory_xact_lock(
        pg_catalog.hashtextextended(
            'ensure_direct_conversation ' || least(me, partner) || ' ' || greatest(me, partner), 0
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
    order by room.created_at, room.id
    limit 1;

    -- One in which either is blocked is theirs as well: a new one would let him in again.
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

    -- So is the one that the first generation named after the two, as it was to whichever of them opened it. A name proves
    -- nothing where anybody else has a membership or has written.
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
        insert into public.chat_rooms (type, title, created_by)
        values ('dm', 'Direct Message', me)
        returning id into found_room_id;
        insert into public.room_members (room_id, user_id)
        values (found_room_id, me), (found_room_id, partner)
        on conflict (room_id, user_id) do nothing;
        -- A trigger of the project's may have taken it for a group.
        delete from public.chat_room_members as member
        where member.room_id = found_room_id;
    end if;
    return query select found_room_id;
end
$$;

-- The same for the older part of the client, which knows only the other person and takes a bare id.
create or replace function public.open_or_create_dm(partner uuid) returns uuid
language sql
security definer
set search_path = ''
as $$
    select conversation.output_room_id
    from public.ensure_direct_conversation(public.chat_user_id(), partner) as conversation
$$;

-- Replaced in place, a function keeps its owner; it must be the one who may read past row level security.
alter function public.create_group_room(uuid, boolean, uuid[], text) owner to current_user;
alter function public.ensure_direct_conversation(uuid, uuid) owner to current_user;
alter function public.open_or_create_dm(uuid) owner to current_user;

-- Only who is signed in makes rooms.
do $$
declare
    callers constant regrole[] := array['authenticated', 'service_role'];
begin
    perform schema_fix.revoke_from_others('public.create_group_room(uuid, boolean, uuid[], text)'::regprocedure, callers);
    perform schema_fix.revoke_from_others('public.ensure_direct_conversation(uuid, uuid)'::regprocedure, callers);
    perform schema_fix.revoke_from_others('public.open_or_create_dm(uuid)'::regprocedure, callers);
end
$$;
grant execute
on function
    public.create_group_room(uuid, boolean, uuid[], text),
    public.ensure_direct_conversation(uuid, uuid),
    public.open_or_create_dm(uuid)
to authenticated, service_role;

-- What was renamed out of the way only for the old policies' sake, which are gone by now.
do $$
declare
    routine record;
begin
    for routine in
        select
            pg_catalog.format('%I.%I(%s)', 'public', proc.proname, pg_catalog.pg_get_function_identity_arguments(proc.oid))
                as identity
        from pg_catalog.pg_proc as proc
        where proc.pronamespace = 'public'::pg_catalog.regnamespace
            and proc.proname ~ ('^(user_is_room_member|user_is_group_member|user_is_in_room|user_is_group_admin'
                '|create_group_room|ensure_direct_conversation|open_or_create_dm)_set_aside(_again)*$')
            and pg_catalog.pg_has_role(proc.proowner, 'usage')
            and not exists (
                select
                from pg_catalog.pg_depend as dependent
                where dependent.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                    and dependent.refobjid = proc.oid
                    and dependent.deptype in ('n', 'a')
            )
        order by proc.proname
    loop
        execute pg_catalog.format('drop routine %s', routine.identity);
        raise notice 'dropped %, on which nothing depends any more', routine.identity;
    end loop;
end
$$;
drop function chat_quarantine.make_way(text, text, text[], integer);
