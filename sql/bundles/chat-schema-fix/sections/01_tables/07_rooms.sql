--! Title: Every room in chat_rooms

-- Moves the rooms of the first generation, with their ids, once; later only those that an older application, back after a rollback,
-- has created since or written a message to. A room in both tables is as chat_rooms has it, completed by what only rooms knows, if
-- both name the same creator. Checks that would forbid this are dropped first; the right ones are added below and in section 04.

-- Drops other checks on the type, and a check on titles that forbids a room without one.
do $$
declare
    rule record;
    allows_none boolean;
begin
    perform schema_fix.drop_other_checks('public.chat_rooms', 'type', '{dm,group}');

    for rule in select * from schema_fix.title_checks where is_of_titles_alone loop
        execute format('select (%s) is not false from (values (null::text)) as room (title)', rule.expression)
        into allows_none;
        if not allows_none then
            execute format('alter table public.chat_rooms drop constraint %I', rule.name);
        end if;
    end loop;
end
$$;

-- Every room of the table rooms once. A group without a title gets its slug as the title. A creator whom a foreign key of chat_rooms
-- would refuse is left out, and stays in rooms.
do $$
begin
    execute format(
        'create or replace view schema_fix.rooms_to_move as
        select distinct on (legacy.id)
            -- mutant: rooms move under new ids
            legacy.id,
            coalesce(legacy.type, legacy.word, ''unknown'') as type,
            coalesce(legacy.title, case legacy.type when ''group'' then legacy.slug end) as title,
            -- mutant: rooms move without their creators
            case when %s then legacy.created_by end as created_by,
            legacy.created_at,
            coalesce(legacy.updated_at, legacy.created_at) as updated_at
        from schema_fix.legacy_rooms as legacy
        where legacy.source = ''public.rooms''
            and legacy.id is not null
        order by legacy.id, legacy.created_at, legacy.title',
        schema_fix.passes_foreign_keys('public.chat_rooms', 'created_by', 'legacy.created_by')
    );
end
$$;

-- Moves them.
do $$
#variable_conflict use_variable
declare
    is_first_time constant boolean := not exists (
        select from chat_quarantine.imported where source_table = 'public.rooms'
    );
    moved bigint;
begin
    truncate schema_fix.late_rooms;
    if not schema_fix.has_column(schema_fix.table_called('rooms'), 'id') then
        return;
    end if;

    -- The check on types is added again when every type is known.
    if exists (
        select
        from schema_fix.rooms_to_move as legacy
        where legacy.type not in ('dm', 'group')
            and not exists (select from public.chat_rooms as room where room.id = legacy.id)
    ) then
        perform schema_fix.drop_other_checks('public.chat_rooms', 'type', '{}');
    end if;

    -- Where the two tables name different creators, the older one counts: anybody could have inserted a row with the room's id into
    -- the newer one, unless only the older one was open to that. A copy of that row goes to quarantine.
    if is_first_time and (select older_rooms from schema_fix.what_counts) then
        perform schema_fix.copy_to_quarantine(
            'public.chat_rooms',
            'exists (
                select from schema_fix.rooms_to_move as legacy where legacy.id = stray.id and legacy.created_by <> stray.created_by
            )',
            'names another creator than public.rooms'
        );
        perform schema_fix.update_rooms($sql$
            update public.chat_rooms as room
            set
                type = case
                    -- Where anybody could have written either row, dm counts: nobody can be added to a direct conversation.
                    when schema_fix.is_open('rooms', 'aw') and room.type = 'dm' then 'dm'
                    else coalesce(nullif(legacy.type, 'unknown'), room.type)
                end,
                title = case
                    when schema_fix.is_open('rooms', 'aw') and room.type = 'dm' then room.title
                    when legacy.type = 'group' then coalesce(legacy.title, room.title)
                    else legacy.title
                end,
                -- mutant: the newer table says who made a room
                created_by = legacy.created_by
            from schema_fix.rooms_to_move as legacy
            where legacy.id = room.id
                and room.created_by <> legacy.created_by
        $sql$);
    end if;
    if is_first_time then
        perform schema_fix.update_rooms($sql$
            update public.chat_rooms as room
            set
                type = coalesce(room.type, nullif(legacy.type, 'unknown')),
                title = case when coalesce(btrim(room.title), '') = '' then legacy.title else room.title end,
                created_by = coalesce(room.created_by, legacy.created_by),
                created_at = coalesce(room.created_at, legacy.created_at)
            from schema_fix.rooms_to_move as legacy
            where legacy.id = room.id
                and (
                    (room.type is null and legacy.type <> 'unknown')
                    or (coalesce(btrim(room.title), '') = '' and btrim(legacy.title) <> '')
                    or (room.created_by is null and legacy.created_by is not null)
                    or (room.created_at is null and legacy.created_at is not null)
                )
        $sql$);
    else
        insert into schema_fix.late_rooms
        select legacy.id
        from schema_fix.rooms_to_move as legacy
        where not exists (select from public.chat_rooms as room where room.id = legacy.id)
            and (
                exists (
                    select
                    from chat_quarantine.imported as noted
                    where noted.source_table = 'public.rooms' and noted.imported_at < legacy.created_at
                )
                or exists (select from public.chat_messages as message where message.room_id = legacy.id)
            );
    end if;

    moved := schema_fix.update_rooms($sql$
        insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at)
        select
            legacy.id,
            legacy.type,
            legacy.title,
            legacy.created_by,
            coalesce(legacy.created_at, schema_fix.time_if_required('public.chat_rooms', 'created_at')),
            coalesce(legacy.updated_at, schema_fix.time_if_required('public.chat_rooms', 'updated_at'))
        from schema_fix.rooms_to_move as legacy
        -- mutant: rooms of the first generation are not moved
        where not exists (select from public.chat_rooms as room where room.id = legacy.id)
            and (
                not exists (select from chat_quarantine.imported where source_table = 'public.rooms')
                or legacy.id in (select late.room_id from schema_fix.late_rooms as late)
            )
    $sql$);
    insert into chat_quarantine.imported (source_table) values ('public.rooms') on conflict do nothing;
    if moved > 0 then
        update chat_quarantine.imported set imported_at = now() where source_table = 'public.rooms';
        -- The planner does not know the new rows yet.
        analyze public.chat_rooms;
        raise notice 'public.rooms: % rooms moved to public.chat_rooms', moved;
    end if;
end
$$;

drop view schema_fix.rooms_to_move;
