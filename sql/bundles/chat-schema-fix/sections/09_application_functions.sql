--! Title: Application functions
--! Needs: 02, 04, 05
--! Remains: create_group_room, which the application calls

-- Creates the three functions that the application calls to create rooms. The data API finds a function by the names of its
-- arguments, so no other function may match a call. They write as their owner, the role that runs the fix; each checks who the
-- caller is first. Only authenticated and service_role may execute them. A user creates rooms in their own name. The service role creates
-- them for anybody, since it may write the rows anyway, and so does what has no token: a job, or a trigger at sign-up.
--
-- Their search_path is not empty, because what they write fires triggers and defaults of the project, most of which name tables without a
-- schema and would fail. pg_temp comes last, so that no temporary table of the caller hides one of the project.
-- `use_variable` because the project may have added columns named like a variable.

-- Drops or renames functions of these names with other arguments or another result.
select schema_fix.free_function_name(
    'public.create_group_room(uuid,boolean,uuid[],text)', 'uuid', '{p_creator,p_is_private,p_member_ids,p_name}', 3
);
select schema_fix.free_function_name(
    'public.ensure_direct_conversation(uuid,uuid)', 'TABLE(output_room_id uuid)', '{me,partner,output_room_id}'
);
-- mutant: an overload in the way is not made way for
select schema_fix.free_function_name('public.open_or_create_dm(uuid)', 'uuid', '{partner}');

-- Creates a group with its creator as admin and the others as approved members. The client sends p_is_private; it changes nothing,
-- because nobody reads a group without being a member.
-- mutant: triggers of the project do not find their tables
-- mutant: the function has another argument name
-- mutant: create_group_room believes whoever p_creator says
-- mutant: create_group_room takes nobody for anybody
-- mutant: create_group_room makes its creator a plain member
-- mutant: create_group_room lets members wait
-- mutant: the duplicate error has other words
-- mutant: a group is created with any number of members
-- mutant: who makes a group that another call has just made is told so by the index
create or replace function public.create_group_room(
    p_creator uuid, p_is_private boolean default false, p_member_ids uuid[] default '{}', p_name text default ''
) returns uuid
language plpgsql
security definer
set search_path = public, extensions, pg_temp
as $$
#variable_conflict use_variable
declare
    -- Titles are compared in lower case and without outer blanks. A group without one equals no other.
    new_title constant pg_catalog.text := nullif(pg_catalog.btrim(p_name), '');
    violated pg_catalog.text;
    new_room_id pg_catalog.uuid;
begin
    if p_creator is null
        or p_creator is distinct from public.chat_user_id()
        and coalesce(auth.role(), public.chat_user_id()::pg_catalog.text, 'service_role') <> 'service_role'
    then
        raise exception 'unauthorized: creator must match authenticated user' using errcode = 'insufficient_privilege';
    end if;
    -- The API answers 413 for this code. The admin of a larger group adds further members later.
    if pg_catalog.cardinality(p_member_ids) > 1000 then
        raise exception 'a group is created with at most 1000 members' using errcode = 'program_limit_exceeded';
    end if;

    -- Two calls with the same title wait for each other, so that the second finds the group of the first.
    if new_title is not null then
        perform pg_catalog.pg_advisory_xact_lock(
            pg_catalog.hashtextextended(pg_catalog.concat('create_group_room ', p_creator, ' ', pg_catalog.lower(new_title)), 0)
        );
        if exists (
            select
            from public.chat_rooms as room
            where room.type = 'group'
                and room.created_by = p_creator
                and pg_catalog.lower(pg_catalog.btrim(room.title)) = pg_catalog.lower(new_title)
        ) then
            raise exception 'duplicate: a group with this name already exists' using errcode = 'unique_violation';
        end if;
    end if;

    -- The index catches a group that was inserted at the same time without this function.
    begin
        insert into public.chat_rooms (type, title, created_by)
        values ('group', new_title, p_creator)
        returning id into new_room_id;
    exception
        when unique_violation then
            get stacked diagnostics violated = constraint_name;
            if violated is distinct from 'idx_chat_rooms_unique_group' then
                raise;
            end if;
            raise exception 'duplicate: a group with this name already exists' using errcode = 'unique_violation';
    end;

    -- A trigger of the project may have added members already.
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
select schema_fix.own_function('public.create_group_room(uuid,boolean,uuid[],text)', '{authenticated,service_role}');
grant execute on function public.create_group_room(uuid, boolean, uuid[], text) to authenticated, service_role;
select schema_fix.explain(
    'public.create_group_room(uuid,boolean,uuid[],text)',
    'Creates a group with the caller as its admin and the others as approved members. p_is_private changes nothing: only members read a group.'
);
