--! Title: Every room in chat_rooms

-- Tool: the first of some columns that has a value, as an expression over the alias `legacy`.
create or replace function chat_quarantine.first_of(target regclass, names name[]) returns text
language sql
stable
set search_path = ''
as $$
    select coalesce(
        'coalesce('
            || pg_catalog.string_agg(pg_catalog.format('legacy.%I::text', name), ', ' order by place)
            || ')',
        'null::text'
    )
    from unnest(chat_quarantine.columns_called(target, names)) with ordinality as candidate (name, place)
$$;

-- Tool: the same for ids, which have to be read (by the named tool) only where they are not of their type yet.
create or replace function chat_quarantine.first_id_of(target regclass, names name[], reader name) returns text
language sql
stable
set search_path = ''
as $$
    select case
        when pg_catalog.bool_and(attribute.atttypid = 'uuid'::regtype)
            then pg_catalog.format(
                'coalesce(%s)',
                pg_catalog.string_agg(pg_catalog.format('legacy.%I', attribute.attname), ', ' order by candidate.place)
            )
        else coalesce(
            'coalesce('
                || pg_catalog.string_agg(
                    pg_catalog.format('chat_quarantine.%I(legacy.%I::text)', reader, attribute.attname), ', ' order by candidate.place
                )
                || ')',
            'null::uuid'
        )
    end
    from unnest(chat_quarantine.columns_called(target, names)) with ordinality as candidate (name, place)
    join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = target
        and attribute.attname = candidate.name
        and not attribute.attisdropped
$$;

-- Tool: the same for times, which have to be read only where they are text.
create or replace function chat_quarantine.first_time_of(target regclass, names name[]) returns text
language sql
stable
set search_path = ''
as $$
    select coalesce(
        'coalesce('
            || pg_catalog.string_agg(
                pg_catalog.format(
                    case type.typcategory when 'D' then 'legacy.%I::timestamptz' else 'chat_quarantine.time_of(legacy.%I::text)' end,
                    attribute.attname
                ),
                ', ' order by candidate.place
            )
            || ')',
        'null::timestamptz'
    )
    from unnest(chat_quarantine.columns_called(target, names)) with ordinality as candidate (name, place)
    join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = target
        and attribute.attname = candidate.name
        and not attribute.attisdropped
    join pg_catalog.pg_type as type
        on type.oid = attribute.atttypid
$$;

-- Tool: what kind of room a word means, or null if it says nothing.
create or replace function chat_quarantine.room_type(written text) returns text
language sql
immutable
as $$
    select case
        when pg_catalog.lower(pg_catalog.btrim(written)) in (
            'dm', 'direct', 'direct_message', 'direct-message', 'im', 'one_to_one', 'one-to-one', '1:1', '1-1', 'p2p'
        ) then 'dm'
        when pg_catalog.lower(pg_catalog.btrim(written)) in (
            'group', 'group_chat', 'group-chat', 'channel', 'team', 'public'
        ) then 'group'
    end
$$;

-- A wrong rule about types would stand in the way of putting them in order.
do $$
begin
    perform chat_quarantine.drop_other_checks('public.chat_rooms', 'type', '{dm,group}');
end
$$;

-- Tool: a condition that the keys of a table let a value into one of its columns. Where the other table does not show us its
-- rows, the key itself has to say no: to us everybody would be unknown.
create or replace function chat_quarantine.is_known(target regclass, column_name name, value text) returns text
language sql
stable
set search_path = ''
as $$
    select coalesce(
        pg_catalog.string_agg(
            case
                when pg_catalog.row_security_active(key.confrelid)
                    or not pg_catalog.has_column_privilege(key.confrelid, parent.attnum, 'select')
                    then 'true'
                else pg_catalog.format(
                    'exists (select from %s as known where known.%I = %s)',
                    key.confrelid::pg_catalog.regclass, parent.attname, value
                )
            end,
            ' and '
        ),
        'true'
    )
    from pg_catalog.pg_constraint as key
    join pg_catalog.pg_attribute as child
        on child.attrelid = key.conrelid
        and key.conkey = array[child.attnum]
    join pg_catalog.pg_attribute as parent
        on parent.attrelid = key.confrelid
        and key.confkey = array[parent.attnum]
    where key.conrelid = target
        and key.contype = 'f'
        and child.attname = column_name
$$;

-- Tool: a time, or now where there is none and a column demands one.
create or replace function chat_quarantine.time_or_now(target regclass, column_name name, expression text) returns text
language sql
stable
set search_path = ''
as $$
    select case
        when attnotnull then 'coalesce(' || expression || ', pg_catalog.now())'
        else expression
    end
    from pg_catalog.pg_attribute
    where attrelid = target
        and attname = column_name
$$;

-- Tool: change rooms. A check on titles that forbids one of the titles there are makes way, and so does our own rule about
-- names, which section 04 makes again when it has told the groups of a name apart.
create or replace function chat_quarantine.change_rooms(statement text) returns bigint
language plpgsql
set search_path = ''
as $$
declare
    rule name;
begin
    for attempt in 1..2 loop
        begin
            return chat_quarantine.change('public.chat_rooms', statement);
        exception
            when unique_violation then
                perform chat_quarantine.drop_name_rules(null);
            when check_violation then
                for rule in
                    select conname
                    from pg_catalog.pg_constraint
                    where conrelid = 'public.chat_rooms'::pg_catalog.regclass
                        and contype = 'c'
                        and conkey = array(
                            select attnum
                            from pg_catalog.pg_attribute
                            where attrelid = 'public.chat_rooms'::pg_catalog.regclass
                                and attname = 'title'
                        )
                loop
                    execute pg_catalog.format('alter table public.chat_rooms drop constraint %I', rule);
                    raise notice 'public.chat_rooms: the check % on titles forbids one that is there: dropped', rule;
                end loop;
        end;
    end loop;
    return chat_quarantine.change('public.chat_rooms', statement);
end
$$;

-- A group may have no name.
do $$
declare
    rule record;
    allows_none boolean;
begin
    for rule in
        select conname as name, pg_catalog.pg_get_expr(conbin, conrelid) as expression
        from pg_catalog.pg_constraint
        where conrelid = 'public.chat_rooms'::regclass
            and contype = 'c'
            and conkey = array(
                select attnum from pg_catalog.pg_attribute where attrelid = 'public.chat_rooms'::regclass and attname = 'title'
            )
    loop
        execute pg_catalog.format('select (%s) is not false from (values (null::text)) as room (title)', rule.expression)
        into allows_none;
        if not allows_none then
            execute pg_catalog.format('alter table public.chat_rooms drop constraint %I', rule.name);
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
    legacy constant regclass := chat_quarantine.table_called('public.rooms');
    source text;
    has_unknown boolean;
    late_rooms uuid[] := '{}';
    moved bigint;
begin
    perform pg_catalog.set_config('chat_schema_fix.late_rooms', '{}', true);
    if legacy is null or not chat_quarantine.has_column(legacy, 'id') then
        return;
    end if;

    source := pg_catalog.format(
        'select distinct on (room.id)
            room.id,
            room.type,
            room.title,
            case when %9$s then room.created_by end as created_by,
            room.created_at,
            room.updated_at
        from (
            select
                %8$s as id,
                coalesce(chat_quarantine.room_type(%1$s), %1$s, ''unknown'') as type,
                coalesce(%2$s, case when chat_quarantine.room_type(%1$s) = ''group'' then %3$s end) as title,
                %4$s as created_by,
                %5$s as created_at,
                coalesce(%6$s, %5$s) as updated_at
            from %7$s as legacy
            where legacy.id is not null
        ) as room
        order by room.id, room.created_at, room.title',
        chat_quarantine.first_of(legacy, '{kind,type,room_type}'),
        chat_quarantine.first_of(legacy, '{title,name,room_name,group_name}'),
        chat_quarantine.first_of(legacy, '{slug}'),
        chat_quarantine.first_id_of(legacy, '{created_by,creator_id,creator,owner_id}', 'user_uuid'),
        chat_quarantine.first_time_of(legacy, '{created_at,inserted_at}'),
        chat_quarantine.first_time_of(legacy, '{updated_at}'),
        legacy,
        chat_quarantine.first_id_of(legacy, '{id}', 'room_uuid'),
        chat_quarantine.is_known('public.chat_rooms', 'created_by', 'room.created_by')
    );

    -- The rule about types comes back below, when every type is known.
    execute pg_catalog.format(
        'select exists (
            select
            from (%s) as legacy
            where legacy.type not in (''dm'', ''group'')
                and not exists (select from public.chat_rooms as room where room.id = legacy.id)
        )',
        source
    ) into has_unknown;
    if has_unknown then
        perform chat_quarantine.drop_other_checks('public.chat_rooms', 'type', '{}');
    end if;

    if not exists (select from chat_quarantine.imported where source_table = 'public.rooms') then
        perform chat_quarantine.change_rooms(
            pg_catalog.format(
                'update public.chat_rooms as room
                set
                    type = coalesce(room.type, nullif(legacy.type, ''unknown'')),
                    title = case when coalesce(pg_catalog.btrim(room.title), '''') = '''' then legacy.title else room.title end,
                    created_by = coalesce(room.created_by, legacy.created_by),
                    created_at = coalesce(room.created_at, legacy.created_at)
                from (%s) as legacy
                where legacy.id = room.id
                    and (
                        (room.type is null and legacy.type <> ''unknown'')
                        or (coalesce(pg_catalog.btrim(room.title), '''') = '''' and pg_catalog.btrim(legacy.title) <> '''')
                        or (room.created_by is null and legacy.created_by is not null)
                        or (room.created_at is null and legacy.created_at is not null)
                    )',
                source
            )
        );
    end if;

    if exists (select from chat_quarantine.imported where source_table = 'public.rooms') then
        execute pg_catalog.format(
            'select coalesce(pg_catalog.array_agg(legacy.id), ''{}'')
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
        perform pg_catalog.set_config('chat_schema_fix.late_rooms', late_rooms::text, true);
    end if;

    moved := chat_quarantine.change_rooms(
        pg_catalog.format(
            'insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at)
            select legacy.id, legacy.type, legacy.title, legacy.created_by, %2$s, %3$s
            from (%1$s) as legacy
            where not exists (select from public.chat_rooms as room where room.id = legacy.id)
                and (
                    not exists (select from chat_quarantine.imported where source_table = ''public.rooms'')
                    or legacy.id = any (%4$L::uuid[])
                )',
            source,
            chat_quarantine.time_or_now('public.chat_rooms', 'created_at', 'legacy.created_at'),
            chat_quarantine.time_or_now('public.chat_rooms', 'updated_at', 'legacy.updated_at'),
            late_rooms
        )
    );
    insert into chat_quarantine.imported (source_table) values ('public.rooms') on conflict do nothing;
    if moved > 0 then
        update chat_quarantine.imported set imported_at = pg_catalog.now() where source_table = 'public.rooms';
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
        select pg_catalog.string_agg(
            pg_catalog.format(
                'select %s as room_id, %s as person from %s as legacy',
                chat_quarantine.first_id_of(source.id, '{room_id,conversation_id,chat_id,chat_room_id}', 'room_uuid'),
                chat_quarantine.first_of(source.id, '{user_id,participant_id,profile_id,member_id,user}'),
                source.id
            ),
            ' union all '
        )
        from (values
            (pg_catalog.to_regclass('public.room_members')),
            (pg_catalog.to_regclass('public.conversation_participants'))
        ) as source (id)
        where source.id is not null
    );
    legacy constant regclass := chat_quarantine.table_called('public.rooms');
    named bigint;
begin
    if not exists (select from public.chat_rooms where type is null or type not in ('dm', 'group')) then
        return;
    end if;

    named := chat_quarantine.change_rooms(
        pg_catalog.format(
            'update public.chat_rooms as room
            set
                type = told.type,
                title = coalesce(room.title, case told.type when ''group'' then told.slug end)
            from (
                select
                    untold.ctid as place,
                    coalesce(
                        chat_quarantine.room_type(untold.type),
                        case
                            when exists (select from public.chat_room_members as member where member.room_id = untold.id)
                                then ''group''
                            when (select pg_catalog.count(distinct person) from (%1$s) as people where people.room_id = untold.id) > 2
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
                when chat_quarantine.has_column(legacy, 'slug') and chat_quarantine.has_column(legacy, 'id')
                    then pg_catalog.format(
                        '(select pg_catalog.min(legacy.slug::text) from %s as legacy where %s = untold.id)',
                        legacy, chat_quarantine.first_id_of(legacy, '{id}', 'room_uuid')
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
    if not chat_quarantine.drop_other_checks('public.chat_rooms', 'type', '{dm,group}') then
        alter table public.chat_rooms add check (type in ('dm', 'group'));
    end if;
    perform chat_quarantine.ensure_default('public.chat_rooms', 'type', 'group', '{dm,group}');
end
$$;
