--! Title: Application functions
--! Needs: 02, 04, 05
--! Remains: create_group_room, which the application calls, and chat_access.refuse_temporary_objects()

-- Creates the three functions that the application calls to create rooms. The data API finds a function by the names of its
-- arguments, so no other function may match a call. They write as their owner, the role that runs the fix; each checks who the
-- caller is first. Only authenticated and service_role may execute them. A user creates rooms in their own name. The service role creates
-- them for anybody, since it may write the rows anyway, and so does what has no token: a job, or a trigger at sign-up.
--
-- Their search_path is not empty, because what they write fires triggers and defaults of the project, most of which name tables without a
-- schema and would fail. pg_temp comes last, so that no temporary table of the caller hides one of the project. A trigger or default with a
-- search_path of its own, `''` or `public`, finds temporary tables and types first: so they write nothing in a session that has such.
-- `use_variable` because the project may have added columns named like a variable.

-- Refuses to go on in a session where somebody else than the owner made a temporary object that runs code, or that bears the name of one in
-- the database: triggers and defaults of the project would find it and run it with the owner's rights. Domains by any name: a compiled
-- function knows one that was renamed since. The API makes none; a temporary table by a name of its own is no trouble.
create or replace function chat_access.refuse_temporary_objects() returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if pg_catalog.pg_my_temp_schema() <> 0 and exists (
        select
        from pg_catalog.pg_type as made
        where made.typnamespace = pg_catalog.pg_my_temp_schema()
            and pg_catalog.pg_get_userbyid(made.typowner) <> current_user
            and (
                made.typtype in ('d', 'r')
                or exists (
                    select
                    from pg_catalog.pg_type as hidden
                    where hidden.typname = made.typname
                        and hidden.typnamespace <> made.typnamespace
                        and not pg_catalog.pg_is_other_temp_schema(hidden.typnamespace)
                )
            )
        union all
        select
        from pg_catalog.pg_proc as made
        where made.pronamespace = pg_catalog.pg_my_temp_schema()
            and pg_catalog.pg_get_userbyid(made.proowner) <> current_user
    ) then
        raise exception 'not in a session with temporary objects that hide others of the database, or run code: drop them first'
            using errcode = 'insufficient_privilege';
    end if;
end
$$;
select schema_fix.own_function('chat_access.refuse_temporary_objects()', '{}');
select schema_fix.explain(
    'chat_access.refuse_temporary_objects()',
    'Refuses to go on where a temporary object of the caller''s would be found by triggers and defaults of the project, with the owner''s rights.'
);

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
-- mutant: triggers of the project are deceived by temporary types
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
    perform chat_access.refuse_temporary_objects();
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
