--! Title: Verification
--! Needs: 04, 11

-- What the fix promises about the data, asked of the data itself: if any of it is not so, nothing of the fix remains.

-- Every message, membership and room is where it belongs.
do $$
declare
    broken text;
begin
    select pg_catalog.string_agg(claim.broken, '; ')
    into broken
    from (
        select 'a message without a room' as broken
        where exists (
            select
            from public.chat_messages as message
            where not exists (select from public.chat_rooms as room where room.id = message.room_id)
        )
        union all
        select 'a membership without a room'
        where exists (
            select
            from (
                select room_id from public.chat_room_members
                union all
                select room_id from public.room_members
            ) as member
            where not exists (select from public.chat_rooms as room where room.id = member.room_id)
        )
        union all
        select 'two groups of one name and creator'
        where exists (
            select
            from public.chat_rooms
            where type = 'group'
                and title is not null
                and created_by is not null
            group by created_by, pg_catalog.lower(pg_catalog.btrim(title))
            having pg_catalog.count(*) > 1
        )
    ) as claim;

    if broken is not null then
        raise exception 'the fix left %', broken
            using
                errcode = 'integrity_constraint_violation',
                hint = 'Nothing was changed. Please report this with the schema of the chat tables.';
    end if;
end
$$;

-- How much there is.
do $$
begin
    raise notice 'rooms: %, group memberships: %, direct memberships: %, messages: %, in quarantine: %',
        (select pg_catalog.count(*) from public.chat_rooms),
        (select pg_catalog.count(*) from public.chat_room_members),
        (select pg_catalog.count(*) from public.room_members),
        (select pg_catalog.count(*) from public.chat_messages),
        (select pg_catalog.count(*) from chat_quarantine.rows);
end
$$;

-- The fix's own tools go; what it put into quarantine stays.
do $$
declare
    tool regprocedure;
begin
    for tool in
        select oid
        from pg_catalog.pg_proc
        where pronamespace = 'chat_quarantine'::regnamespace
    loop
        execute pg_catalog.format('drop function %s', tool);
    end loop;
end
$$;
