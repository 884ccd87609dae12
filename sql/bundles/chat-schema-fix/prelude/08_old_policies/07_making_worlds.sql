--! Title: The worlds that the rows and the policies of a database call for

-- The values of a column, as they are written as text.
create function schema_fix.words_written(target regclass, column_name name) returns setof text
language plpgsql
stable
as $$
begin
    return query execute format('select distinct %1$I::text from %2$s where %1$I is not null', column_name, target);
end
$$;

-- Makes the worlds, with the words that the rows and the policies know.
create function schema_fix.make_worlds() returns void
language sql
as $$
    with words as (
        select known.column_name, known.means, known.word
        from schema_fix.words as known
        where known.word in (
            select lower(btrim(said.constant))
            from schema_fix.texts_of_policies as texts
            cross join lateral unnest(schema_fix.constants_in(texts.source)) as said (constant)
        )
    ),
    types as (
        -- Those of the table rooms, where the words are as they were, count as long as chat_rooms has none.
        select room.word as type
        from schema_fix.legacy_rooms as room
        where room.word is not null
            and (
                room.source = 'public.chat_rooms'
                or not exists (
                    select from schema_fix.legacy_rooms as newer where newer.source = 'public.chat_rooms' and newer.word is not null
                )
            )
        union
        select word from words where column_name = 'type'
        union
        select unnest('{dm,group}'::text[]) where not exists (select from schema_fix.legacy_rooms where word is not null)
    ),
    roles as (
        select unnest('{member,admin}'::text[]) as role
        union
        select said.word
        from (select distinct source::regclass as table_id from schema_fix.legacy_members) as seen
        cross join lateral unnest(schema_fix.columns_for(seen.table_id, 'role')) as known (name)
        cross join lateral schema_fix.words_written(seen.table_id, known.name) as said (word)
    ),
    standings as (
        select 'nowhere' as standing, null as status, null as role, is_creator
        from unnest('{false,true}'::boolean[]) as creator (is_creator)
        union all
        select 'elsewhere', null, null, false
        union all
        select 'here', status, 'member', false
        from (
            select unnest('{pending,blocked}'::text[]) as status
            union
            select word from words where column_name = 'status' and means <> 'approved'
        ) as shut
        where exists (
            select from schema_fix.present_tables where holds = 'members' and schema_fix.columns_for(table_id, 'status') <> '{}'
        )
        union all
        select 'here', 'approved', role, false
        from roles
        union all
        select 'here', 'approved', 'admin', true
    ),
    kept as (
        select 'messages' as holds, null as row_status, null as row_role, is_own
        from unnest('{false,true}'::boolean[]) as own (is_own)
        union all
        select 'rooms', null, null, false
        union all
        select 'members', status, role, is_own
        from (
            select 'approved' as status, role from roles
            union all
            select unnest('{pending,blocked}'::text[]), 'member'
        ) as said
        cross join unnest('{false,true}'::boolean[]) as own (is_own)
    )
    insert into schema_fix.worlds (holds, type, standing, status, role, is_creator, invited_by, is_own, row_status, row_role)
    select
        kept.holds,
        types.type,
        standings.standing,
        standings.status,
        standings.role,
        standings.is_creator,
        invited.invited_by,
        case kept.holds when 'rooms' then standings.is_creator else kept.is_own end,
        case when kept.is_own and kept.holds = 'members' then standings.status else kept.row_status end,
        case when kept.is_own and kept.holds = 'members' then standings.role else kept.row_role end
    from kept
    cross join types
    cross join standings
    cross join (values ('other'), (null)) as invited (invited_by)
    -- One's own membership is one, whatever it says; who is in no room has none there.
    where kept.holds <> 'members'
        or not kept.is_own
        or kept.row_status = 'approved' and kept.row_role = 'member'
    order by standings.status is distinct from 'approved', types.type = 'dm', types.type, standings.role <> 'member', standings.is_creator;

    -- Messages that are in no room, where a message may be so: somebody in no room asks about them.
    insert into schema_fix.worlds (holds, type, standing, is_creator, is_own, has_room)
    select asked.holds, asked.type, asked.standing, asked.is_creator, asked.is_own, false
    from schema_fix.worlds as asked
    where asked.holds = 'messages'
        and asked.standing = 'nowhere'
        and not asked.is_creator
        and asked.invited_by is null
        and not exists (
            select
            from pg_attribute
            where attrelid = schema_fix.table_called('chat_messages')
                and attname = any (schema_fix.columns_for(attrelid, 'room_id'))
                and attnotnull
        );

    -- A member reads what anybody sent, also those who are no admins, left, wait or are blocked by now, and sends in any room, also where the
    -- creator's account is gone, or the creator is blocked.
    insert into schema_fix.worlds (holds, type, standing, status, role, is_creator, is_own, sender_is, creator_is)
    select asked.holds, asked.type, asked.standing, asked.status, asked.role, asked.is_creator, asked.is_own, beside.sender_is, beside.creator_is
    from schema_fix.worlds as asked
    cross join (
        values
            ('member', null), ('pending', null), ('blocked', null), ('gone', null), ('nobody', null),
            (null, 'blocked'), (null, 'nobody')
    ) as beside (sender_is, creator_is)
    where asked.holds = 'messages'
        and asked.standing = 'here'
        and asked.status = 'approved'
        and asked.role = 'member'
        and not asked.is_creator
        and asked.invited_by is null
        and (beside.creator_is is not null or not asked.is_own)
        and case coalesce(beside.sender_is, beside.creator_is)
            when 'nobody' then not exists (
                select
                from pg_attribute
                where attrelid = schema_fix.table_called(case when beside.creator_is is null then 'chat_messages' else 'chat_rooms' end)
                    and attname = any (schema_fix.columns_for(attrelid, case when beside.creator_is is null then 'sender' else 'created_by' end))
                    and attnotnull
            )
            when 'member' then true
            when 'gone' then true
            -- Where memberships say so.
            else exists (select from schema_fix.worlds as shut where shut.status in ('pending', 'blocked'))
        end;

    -- Asked once for each type, not for each world.
    with held as materialized (
        select said.type, said.is_in, schema_fix.tables_of_members(said.type, said.is_in) as tables
        from (
            select distinct worlds.type, approved.yes as is_in
            from schema_fix.worlds
            cross join unnest('{true,false}'::boolean[]) as approved (yes)
        ) as said
    ),
    elsewhere as materialized (
        select schema_fix.tables_of_members('group', true) as tables
    )
    update schema_fix.worlds as made
    set
        held_in = case when made.standing = 'here' then held.tables else '{}' end,
        others_in = others.tables,
        elsewhere_in = elsewhere.tables
    from held
    join held as others
        on others.type = held.type
        and others.is_in
    cross join elsewhere
    where held.type = made.type
        and held.is_in = (coalesce(made.status, 'approved') = 'approved');
$$;
