--! Title: Data clean-up
--! Needs: 02, 05

-- Moves members to the table where the helper functions look for them, gives each a role and a status that the application knows,
-- and restricts the tables of the first generation to the members of their rooms. Nobody reads more than before, and
-- nobody less.

-- A user whom chat_room_members calls pending in a direct conversation and room_members has in it is pending: of two tables that contradict
-- each other the one that gives less access counts. An empty status does not count.
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
                and schema_fix.known_status(member.status) = ''pending''
        )',
        'the same person waits for this conversation in public.chat_room_members'
    );
end
$$;

-- Replaces statuses and roles that the application does not know. An unknown status becomes pending; an unknown role becomes member, and
-- admin for the creator. Without a status a member is approved if another table has them in the room, but no admin then.
do $$
#variable_conflict use_variable
declare
    -- mutant: an empty status is heard where another table decides
    decided_elsewhere constant text := 'coalesce(btrim(member.status), '''') = '''' and exists (
        select
        from schema_fix.legacy_members as other
        where other.source <> ''public.chat_room_members''
            and other.room_id = member.room_id
            and other.user_id = member.user_id
            and other.status = ''approved''
    )';
    is_creator constant text := 'exists (
        select from public.chat_rooms as room where room.id = member.room_id and room.created_by = member.user_id
    )';
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
        perform schema_fix.copy_to_quarantine(
            'public.chat_room_members',
            'stray.role = ''admin'' and ' || replace(format('%s and not %s', decided_elsewhere, is_creator), 'member.', 'stray.'),
            'a copy of a membership: an admin without a status is a member'
        );
        raise notice 'public.chat_room_members: % roles or statuses replaced', schema_fix.run_without_triggers(
            'public.chat_room_members',
            format(
                'update public.chat_room_members as member
                set
                    -- mutant: the clean-up approves everybody who waits
                    status = case
                        when %1$s then ''approved''
                        else schema_fix.known_status(member.status)
                    end,
                    role = case
                        -- mutant: an admin without a status is an admin
                        when member.role = ''member'' or member.role = ''admin'' and not (%1$s) then member.role
                        -- mutant: an unknown role counts as admin
                        when %2$s then ''admin''
                        else ''member''
                    end
                where member.status is null
                    or member.status not in (''approved'', ''pending'', ''blocked'')
                    or member.role is null
                    or member.role not in (''admin'', ''member'')',
                decided_elsewhere, is_creator
            )
        );
    end if;
end
$$;

-- Where columns beside the status say blocked or pending, the status becomes that, once: from then on the application writes the status.
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
