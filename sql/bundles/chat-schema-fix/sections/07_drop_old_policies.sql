--! Title: Drop old policies
--! Needs: 01

-- Permissive policies add up: one that is left over undoes all the others, whatever it is called. Only the names that
-- section 08 uses stay; what stands behind them is compared there.
do $$
declare
    leftover record;
    dropped integer := 0;
begin
    for leftover in
        select policy.polname as name, policy.polrelid::regclass as relation
        from pg_policy as policy
        where policy.polrelid in (
                'public.chat_rooms'::regclass,
                'public.chat_room_members'::regclass,
                'public.room_members'::regclass,
                'public.chat_messages'::regclass
            )
            and policy.polname not in (
                'chat_rooms_read_own',
                'chat_rooms_create_own',
                'chat_room_members_read_own_rooms',
                'chat_room_members_ask_or_invite',
                'chat_room_members_ask_again_or_admit',
                'chat_room_members_leave_or_remove',
                'chat_room_members_keep_creator',
                'room_members_read_own_rooms',
                'room_members_add_nobody',
                'chat_messages_read_own_rooms',
                'chat_messages_send_as_oneself'
            )
        order by policy.polrelid::regclass::text, policy.polname
    loop
        -- mutant: old policies stay
        execute format('drop policy %I on %s', leftover.name, leftover.relation);
        dropped := dropped + 1;
    end loop;
    if dropped > 0 then
        raise notice 'dropped % old policies', dropped;
    end if;
end
$$;
