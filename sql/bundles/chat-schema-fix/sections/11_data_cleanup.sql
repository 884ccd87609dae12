--! Title: Data clean-up
--! Needs: 02, 05

-- Moves members to the table where the helper functions look for them, gives each a role and a status that the application knows,
-- and restricts the tables of the first generation to the members of their rooms. Nobody reads more than before, and
-- nobody less.

-- A user who is pending in a direct conversation by chat_room_members and in it by room_members is pending: of two memberships that
-- contradict each other the one with less access counts. An empty status does not count.
do $$
begin
    perform schema_fix.quarantine(
        'public.room_members',
        'exists (
            select
            from public.chat_room_members as member
            join public.chat_rooms as room
                on room.id = member.room_id
                and room.type = ''dm''
            where member.room_id = stray.room_id
                and member.user_id = stray.user_id
                -- mutant: whoever waits by one table is let into the conversation by another
                and btrim(member.status) <> ''''
                and schema_fix.member_status(member.status) = ''pending''
        )',
        'the same person waits for this conversation in public.chat_room_members'
    );
end
$$;

-- Replaces other statuses and roles. Where no status is written, another table decides; an unknown status becomes pending, an unknown
-- role member, and admin for the creator.
do $$
begin
    perform schema_fix.drop_other_checks('public.chat_room_members', 'status', '{approved,pending,blocked}');
    perform schema_fix.drop_other_checks('public.chat_room_members', 'role', '{admin,member}');

    if exists (
        select
        from public.chat_room_members
        where status is null
            or status not in ('approved', 'pending', 'blocked')
            or role is null
            or role not in ('admin', 'member')
    ) then
        perform schema_fix.keep_words_of_members('public.chat_room_members');
        raise notice 'public.chat_room_members: % roles or statuses replaced', schema_fix.run_without_triggers(
            'public.chat_room_members',
            'update public.chat_room_members as member
            set
                -- mutant: the clean-up approves everybody who waits
                -- mutant: an empty status is heard where another table decides
                status = case
                    when coalesce(btrim(member.status), '''') = '''' and exists (
                        select
                        from schema_fix.legacy_members as other
                        where other.source <> ''public.chat_room_members''
                            and other.room_id = member.room_id
                            and other.user_id = member.user_id
                            and other.status = ''approved''
                    ) then ''approved''
                    else schema_fix.member_status(member.status)
                end,
                role = case
                    when member.role in (''admin'', ''member'') then member.role
                    when exists (
                        select
                        from public.chat_rooms as room
                        where room.id = member.room_id
                            and room.created_by = member.user_id
                    -- mutant: an unknown role counts as admin
                    ) then ''admin''
                    else ''member''
                end
            where member.status is null
                or member.status not in (''approved'', ''pending'', ''blocked'')
                or member.role is null
                or member.role not in (''admin'', ''member'')'
        );
    end if;
end
$$;

-- Columns beside the status that say otherwise are heard once: whoever leaves later does so by what the application writes then.
do $$
declare
    changed bigint;
begin
    if exists (select from chat_quarantine.imported where source_table = 'columns beside the status') then
        return;
    end if;
    changed := schema_fix.run_without_triggers(
        'public.chat_room_members',
        format(
            'update public.chat_room_members
            -- mutant: what another column says beside the status is not heard
            set status = %1$s
            where %1$s = ''blocked'' and status <> ''blocked''
                or %1$s = ''pending'' and status = ''approved''',
            schema_fix.flag_of('public.chat_room_members')
        )
    );
    if changed > 0 then
        raise notice 'public.chat_room_members: % statuses set by what other columns say', changed;
    end if;
    insert into chat_quarantine.imported (source_table) values ('columns beside the status');
end
$$;
