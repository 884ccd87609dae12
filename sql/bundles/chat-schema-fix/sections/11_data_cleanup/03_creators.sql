--! Title: Creators of rooms without people

-- In a group without an admin nobody could approve anybody. Its creator becomes admin if they are an approved member, unless anybody could
-- have written created_by. created_by alone gives no access, because whoever inserted the row may have taken the id of a room of others: the
-- creator is added only to a room in which nobody has a membership and nobody else has written. Once, so that nobody who leaves later is
-- added again.
do $$
#variable_conflict use_variable
declare
    added bigint;
begin
    if exists (select from chat_quarantine.imported where source_table = 'creators') then
        return;
    end if;

    added := schema_fix.run_without_triggers(
        'public.chat_room_members',
        format(
            'insert into public.chat_room_members as member (room_id, user_id, role, status, created_at)
            select
                room.id, room.created_by, ''admin'', ''approved'',
                coalesce(room.created_at, schema_fix.time_if_required(''public.chat_room_members'', ''created_at''))
            from public.chat_rooms as room
            where room.type = ''group''
                and room.created_by is not null
                and room.id not in (
                    select admin.room_id
                    from public.chat_room_members as admin
                    where admin.room_id is not null
                        and admin.role = ''admin''
                        and admin.status = ''approved''
                )
                -- mutant: created_by lets a stranger into a group
                and (
                    -- mutant: a member who wrote their name into created_by becomes admin
                    (select creators from schema_fix.what_counts) and exists (
                        select
                        from public.chat_room_members as own
                        where own.room_id = room.id
                            and own.user_id = room.created_by
                    )
                    or schema_fix.is_unused_by_others(room.id, room.created_by)
                )
                and %s
            -- mutant: a creator who is blocked becomes admin again
            on conflict (room_id, user_id) do update set role = ''admin'' where member.status = ''approved''',
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
    if added > 0 then
        raise notice '% creators added to their rooms', added;
    end if;
end
$$;
