--! Title: Creators of rooms without people

-- In a group without an admin nobody could approve anybody. Its creator becomes admin if they are an approved member, unless anybody could
-- have written created_by, or somebody asks who is an admin, and the creator is a member: then it stays as it is. created_by alone gives no
-- access, because whoever inserted the row may have taken the id of a room of others: the creator is added only to a room in which nobody has a
-- membership and nobody else has written. Once, so that nobody who leaves later is added again.
do $$
#variable_conflict use_variable
declare
    -- What is true of a creator, `member`, and their group, `room`.
    is_without_admin constant text := 'room.id = member.room_id
        and room.created_by = member.user_id
        and room.type = ''group''
        and not exists (
            select
            from public.chat_room_members as admin
            where admin.room_id = room.id
                and admin.role = ''admin''
                and admin.status = ''approved''
        )';
    appointed bigint := 0;
    added bigint;
    left_alone bigint := 0;
    kept_by_others bigint;
begin
    if exists (select from chat_quarantine.imported where source_table = 'creators') then
        return;
    end if;

    -- mutant: a creator whom an admin demoted is an admin again
    if (select by_role from schema_fix.admins_asked) then
        execute format(
            'select count(*) from public.chat_room_members as member join public.chat_rooms as room on %s where member.status = ''approved''',
            is_without_admin
        )
        into left_alone;
    -- mutant: a member who wrote their name into created_by becomes admin
    elsif (select creators from schema_fix.what_counts) then
        -- mutant: a creator who is blocked becomes admin again
        appointed := schema_fix.run_without_triggers(
            'public.chat_room_members',
            format(
                'update public.chat_room_members as member
                set role = ''admin''
                from public.chat_rooms as room
                where member.status = ''approved''
                    and %s',
                is_without_admin
            )
        );
    end if;
    added := schema_fix.run_without_triggers(
        'public.chat_room_members',
        format(
            'insert into public.chat_room_members (room_id, user_id, role, status, created_at)
            select
                room.id, room.created_by, ''admin'', ''approved'',
                coalesce(room.created_at, schema_fix.time_if_required(''public.chat_room_members'', ''created_at''))
            from public.chat_rooms as room
            where room.type = ''group''
                and room.created_by is not null
                -- mutant: created_by lets a stranger into a group
                and schema_fix.is_unused_by_others(room.id, room.created_by)
                and %s
            on conflict (room_id, user_id) do nothing',
            schema_fix.passes_foreign_keys('public.chat_room_members', 'user_id', 'room.created_by')
        )
    ) + schema_fix.run_without_triggers(
        'public.room_members',
        format(
            'insert into public.room_members (room_id, user_id, created_at)
            select
                room.id, room.created_by,
                coalesce(room.created_at, schema_fix.time_if_required(''public.room_members'', ''created_at''))
            from public.chat_rooms as room
            where room.type = ''dm''
                and room.created_by is not null
                -- mutant: created_by lets a stranger into a conversation
                and schema_fix.is_unused_by_others(room.id, room.created_by)
                and %s
            on conflict (room_id, user_id) do nothing',
            schema_fix.passes_foreign_keys('public.room_members', 'user_id', 'room.created_by')
        )
    );

    -- The first generation knew a pair's conversation by its slug, and let both in whenever either opened it. Where they are not
    -- both in it now, the slug is kept as the title, by which ensure_direct_conversation finds it.
    perform schema_fix.update_rooms($sql$
        update public.chat_rooms as room
        set title = lower(legacy.slug)
        from schema_fix.legacy_rooms as legacy
        where legacy.source = 'public.rooms'
            and legacy.id = room.id
            and legacy.slug ~* '^dm(:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){2}$'
            and room.type = 'dm'
            and room.title is null
            and (select count(*) from public.room_members as member where member.room_id = room.id) < 2
    $sql$);
    insert into chat_quarantine.imported (source_table) values ('creators');
    if appointed > 0 then
        raise warning '% creators decide about the members of their groups from now on: no admin did', appointed;
    end if;
    if added > 0 then
        raise notice '% creators added to their rooms', added;
    end if;
    if left_alone > 0 then
        raise warning '% groups have no admin, as before: their creators are members by what somebody wrote, and nobody lets others in', left_alone;
    end if;
    select count(*)
    into kept_by_others
    from public.chat_rooms as room
    join public.chat_room_members as creator
        on creator.room_id = room.id
        and creator.user_id = room.created_by
        and creator.role = 'admin'
        and creator.status = 'approved'
    join public.chat_room_members as other
        on other.room_id = room.id
        and other.user_id <> room.created_by
        and other.role = 'admin'
        and other.status = 'approved'
    where room.type = 'group';
    if kept_by_others > 0 then
        raise warning '% admins decide about the creator of their group no more: they cannot remove, demote or block them', kept_by_others;
    end if;
end
$$;
