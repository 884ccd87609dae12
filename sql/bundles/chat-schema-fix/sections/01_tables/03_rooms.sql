--! Title: Every room in chat_rooms

-- A wrong rule about types would stand in the way of putting them in order.
do $$
begin
    perform schema_fix.drop_other_checks('public.chat_rooms', 'type', '{dm,group}');
end
$$;

-- A group may have no name.
do $$
declare
    rule record;
    allows_none boolean;
begin
    for rule in
        select conname as name, pg_get_expr(conbin, conrelid) as expression
        from pg_constraint
        where conrelid = 'public.chat_rooms'::regclass
            and contype = 'c'
            and conkey = array(
                select attnum from pg_attribute where attrelid = 'public.chat_rooms'::regclass and attname = 'title'
            )
    loop
        execute format('select (%s) is not false from (values (null::text)) as room (title)', rule.expression)
        into allows_none;
        if not allows_none then
            execute format('alter table public.chat_rooms drop constraint %I', rule.name);
        end if;
    end loop;
end
$$;

-- Rooms of the first generation move over with their ids, once, and later those that an older application, back after a
-- rollback, made since then or wrote a message to. Section 11 is told of these: their participants were not read before. A room that is in
-- both tables is as chat_rooms has it, completed by what only rooms knows. A creator whom a key of chat_rooms forbids stays
-- known to rooms alone.
do $$
declare
    legacy constant regclass := schema_fix.table_called('public.rooms');
    source text;
    has_unknown boolean;
    late_rooms uuid[] := '{}';
    moved bigint;
begin
    perform set_config('chat_schema_fix.late_rooms', '{}', true);
    if legacy is null or not schema_fix.has_column(legacy, 'id') then
        return;
    end if;

    source := format(
        'select distinct on (room.id)
            room.id,
            room.type,
            room.title,
            case when %9$s then room.created_by end as created_by,
            room.created_at,
            room.updated_at
        from (
            select
                -- mutant: rooms move under new ids
                %8$s as id,
                coalesce(schema_fix.room_type(%1$s), %1$s, ''unknown'') as type,
                coalesce(%2$s, case when schema_fix.room_type(%1$s) = ''group'' then %3$s end) as title,
                -- mutant: rooms move without their creators
                %4$s as created_by,
                %5$s as created_at,
                coalesce(%6$s, %5$s) as updated_at
            from %7$s as legacy
            where legacy.id is not null
        ) as room
        order by room.id, room.created_at, room.title',
        schema_fix.first_of(legacy, '{kind,type,room_type}'),
        schema_fix.first_of(legacy, '{title,name,room_name,group_name}'),
        schema_fix.first_of(legacy, '{slug}'),
        schema_fix.first_id_of(legacy, '{created_by,creator_id,creator,owner_id}', 'user_uuid'),
        schema_fix.first_time_of(legacy, '{created_at,inserted_at}'),
        schema_fix.first_time_of(legacy, '{updated_at}'),
        legacy,
        schema_fix.first_id_of(legacy, '{id}', 'room_uuid'),
        schema_fix.passes_foreign_keys('public.chat_rooms', 'created_by', 'room.created_by')
    );

    -- The rule about types comes back below, when every type is known.
    execute format(
        'select exists (
            select
            from (%s) as legacy
            where legacy.type not in (''dm'', ''group'')
                and not exists (select from public.chat_rooms as room where room.id = legacy.id)
        )',
        source
    ) into has_unknown;
    if has_unknown then
        perform schema_fix.drop_other_checks('public.chat_rooms', 'type', '{}');
    end if;

    if not exists (select from chat_quarantine.imported where source_table = 'public.rooms') then
        perform schema_fix.update_rooms(
            format(
                'update public.chat_rooms as room
                set
                    type = coalesce(room.type, nullif(legacy.type, ''unknown'')),
                    title = case when coalesce(btrim(room.title), '''') = '''' then legacy.title else room.title end,
                    created_by = coalesce(room.created_by, legacy.created_by),
                    created_at = coalesce(room.created_at, legacy.created_at)
                from (%s) as legacy
                where legacy.id = room.id
                    and (
                        (room.type is null and legacy.type <> ''unknown'')
                        or (coalesce(btrim(room.title), '''') = '''' and btrim(legacy.title) <> '''')
                        or (room.created_by is null and legacy.created_by is not null)
                        or (room.created_at is null and legacy.created_at is not null)
                    )',
                source
            )
        );
    end if;

    if exists (select from chat_quarantine.imported where source_table = 'public.rooms') then
        execute format(
            'select coalesce(array_agg(legacy.id), ''{}'')
            from (%s) as legacy
            where not exists (select from public.chat_rooms as room where room.id = legacy.id)
                and (
                    exists (
                        select
                        from chat_quarantine.imported as noted
                        where noted.source_table = ''public.rooms'' and noted.imported_at < legacy.created_at
                    )
                    or exists (select from public.chat_messages as message where message.room_id = legacy.id)
                )',
            source
        ) into late_rooms;
        perform set_config('chat_schema_fix.late_rooms', late_rooms::text, true);
    end if;

    moved := schema_fix.update_rooms(
        format(
            'insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at)
            select legacy.id, legacy.type, legacy.title, legacy.created_by, %2$s, %3$s
            from (%1$s) as legacy
            -- mutant: rooms of the first generation are not moved
            where not exists (select from public.chat_rooms as room where room.id = legacy.id)
                and (
                    not exists (select from chat_quarantine.imported where source_table = ''public.rooms'')
                    or legacy.id = any (%4$L::uuid[])
                )',
            source,
            schema_fix.time_or_now('public.chat_rooms', 'created_at', 'legacy.created_at'),
            schema_fix.time_or_now('public.chat_rooms', 'updated_at', 'legacy.updated_at'),
            late_rooms
        )
    );
    insert into chat_quarantine.imported (source_table) values ('public.rooms') on conflict do nothing;
    if moved > 0 then
        update chat_quarantine.imported set imported_at = now() where source_table = 'public.rooms';
        -- Nobody has counted the new rows yet, and every query below is planned by their number.
        analyze public.chat_rooms;
        raise notice 'public.rooms: % rooms moved to public.chat_rooms', moved;
    end if;
end
$$;

-- A type that is missing or unknown: by its word; else a group is what has group members or more than two people; else a
-- direct conversation is what has people at all; else a name makes a group. A group that had only a slug is called by it.
do $$
declare
    people constant text := (
        select string_agg(
            format(
                'select %s as room_id, %s as person from %s as legacy',
                schema_fix.first_id_of(source.id, '{room_id,conversation_id,chat_id,chat_room_id}', 'room_uuid'),
                schema_fix.first_of(source.id, '{user_id,participant_id,profile_id,member_id,user}'),
                source.id
            ),
            ' union all '
        )
        from (values
            (to_regclass('public.room_members')),
            (to_regclass('public.conversation_participants'))
        ) as source (id)
        where source.id is not null
    );
    legacy constant regclass := schema_fix.table_called('public.rooms');
    named bigint;
begin
    if not exists (select from public.chat_rooms where type is null or type not in ('dm', 'group')) then
        return;
    end if;

    named := schema_fix.update_rooms(
        format(
            'update public.chat_rooms as room
            set
                type = told.type,
                title = coalesce(room.title, case told.type when ''group'' then told.slug end)
            from (
                select
                    untold.ctid as place,
                    coalesce(
                        schema_fix.room_type(untold.type),
                        case
                            when exists (select from public.chat_room_members as member where member.room_id = untold.id)
                                then ''group''
                            when (select count(distinct person) from (%1$s) as people where people.room_id = untold.id) > 2
                                then ''group''
                            when exists (select from (%1$s) as people where people.room_id = untold.id) then ''dm''
                            when untold.title is not null then ''group''
                            else ''dm''
                        end
                    ) as type,
                    %2$s as slug
                from public.chat_rooms as untold
                where untold.type is null
                    or untold.type not in (''dm'', ''group'')
            ) as told
            where told.place = room.ctid',
            people,
            case
                when schema_fix.has_column(legacy, 'slug') and schema_fix.has_column(legacy, 'id')
                    then format(
                        '(select min(legacy.slug::text) from %s as legacy where %s = untold.id)',
                        legacy, schema_fix.first_id_of(legacy, '{id}', 'room_uuid')
                    )
                else 'null::text'
            end
        )
    );
    raise notice 'public.chat_rooms: % rooms were neither dm nor group', named;
end
$$;

-- Every room is one or the other.
do $$
begin
    alter table public.chat_rooms alter column type set not null;
    if not schema_fix.drop_other_checks('public.chat_rooms', 'type', '{dm,group}') then
        alter table public.chat_rooms add check (type in ('dm', 'group'));
    end if;
    perform schema_fix.ensure_default('public.chat_rooms', 'type', 'group', '{dm,group}');
end
$$;
