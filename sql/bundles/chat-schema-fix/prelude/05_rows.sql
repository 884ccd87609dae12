--! Title: Tools that change rows and move them to quarantine

-- The columns that the tables have before anything is changed.
create table schema_fix.former_shapes as
select attrelid as target, max(attnum) as highest
from schema_fix.tables
join pg_attribute
    on attrelid = schema_fix.table_called(table_name)
group by attrelid;

-- Those that were added since: a row that is kept aside is kept as it was, without them.
create function schema_fix.added_columns(target regclass) returns text[]
language sql
stable
as $$
    select array(
        select attribute.attname
        from schema_fix.former_shapes as noted
        join pg_attribute as attribute
            on attribute.attrelid = noted.target
            and attribute.attnum > noted.highest
        where noted.target = added_columns.target
            and not attribute.attisdropped
            and attribute.attgenerated = ''
    )
$$;

-- Changes rows without firing triggers and rules, which are left exactly as they were found.
create function schema_fix.run_without_triggers(target regclass, statement text) returns bigint
language plpgsql
as $$
declare
    -- The table, and those that its keys empty or change along with it, as far as they are ours to keep quiet.
    touched constant regclass[] := array(
        with recursive reached (oid) as (
            select target::oid
            union
            select key.conrelid
            from reached
            join pg_constraint as key
                on key.confrelid = reached.oid
                and key.contype = 'f'
                and (
                    strpos(statement, 'delete ') > 0 and key.confdeltype in ('c', 'n', 'd')
                    or strpos(statement, 'update ') > 0 and key.confupdtype = 'c'
                )
        )
        select relation.oid
        from reached
        join pg_class as relation
            on relation.oid = reached.oid
        where relation.oid = target
            or pg_has_role(relation.relowner, 'usage')
    );
    pause text;
    resume text;
    identity text;
    follower regclass;
    changed bigint;
begin
    select
        string_agg(format('alter table %s disable %s', listener.source, listener.name), '; '),
        string_agg(
            format(
                -- mutant: the triggers of others are put back as plainly enabled
                'alter table %s %s %s', listener.source, schema_fix.firing_clause(listener.state), listener.name
            ),
            '; '
        )
    into pause, resume
    from (
        select tgrelid::regclass as source, format('trigger %I', tgname) as name, tgenabled as state
        from pg_trigger
        where tgrelid = any (touched)
            and not tgisinternal
            and tgenabled <> 'D'
        union all
        select ev_class::regclass, format('rule %I', rulename), ev_enabled
        from pg_rewrite
        where ev_class = any (touched)
            and ev_enabled <> 'D'
    ) as listener;

    -- A key that never looked at the old rows looks at a row that is changed twice: it waits, and is put back as it was.
    select
        concat_ws(
            '; ', pause, string_agg(format('alter table %s drop constraint %I', target, conname), '; ')
        ),
        concat_ws(
            '; ',
            resume,
            string_agg(
                format(
                    'alter table %1$s add constraint %2$I %3$s; comment on constraint %2$I on %1$s is %4$L',
                    target, conname, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint')
                ),
                '; '
            )
        )
    into pause, resume
    from pg_constraint
    where conrelid = target
        and contype = 'f'
        and not convalidated;

    -- A published table without a key refuses updates and deletes, unless it is identified by the whole row. One whose
    -- identity went with an index is known by its key henceforth.
    select case relreplident when 'n' then 'nothing' else 'default' end
    into identity
    from pg_class
    where oid = target
        and (
            relreplident = 'n'
            or (relreplident = 'd' and not exists (select from pg_index where indrelid = target and indisprimary))
            or (relreplident = 'i' and not exists (select from pg_index where indrelid = target and indisreplident))
        );
    if found then
        pause := concat_ws('; ', nullif(pause, ''), format('alter table %s replica identity full', target));
        resume := concat_ws('; ', nullif(resume, ''), format('alter table %s replica identity %s', target, identity));
    end if;

    -- The same for what its keys take along, where that is published.
    for follower in
        select relation.oid
        from pg_class as relation
        join pg_namespace as schema
            on schema.oid = relation.relnamespace
        join pg_publication_tables as published
            on published.schemaname = schema.nspname
            and published.tablename = relation.relname
        where relation.oid = any (touched)
            and relation.oid <> target
            and relation.relreplident = 'd'
            and not exists (select from pg_index where indrelid = relation.oid and indisprimary)
        group by relation.oid
    loop
        pause := concat_ws('; ', nullif(pause, ''), format('alter table %s replica identity full', follower));
        resume := concat_ws('; ', nullif(resume, ''), format('alter table %s replica identity default', follower));
    end loop;

    if pause <> '' then
        execute pause;
    end if;
    execute statement;
    get diagnostics changed = row_count;
    -- mutant: the trigger of others is left disabled
    if resume <> '' then
        execute resume;
    end if;
    return changed;
end
$$;

-- An index for each key that points at a table and has none, until they are dropped again: each row deleted there would
-- read the whole table behind the key.
create function schema_fix.add_temporary_indexes(target regclass) returns regclass[]
language plpgsql
as $$
declare
    key record;
    lent regclass[] := '{}';
begin
    for key in
        select
            pointer.conrelid::regclass as source,
            relation.relnamespace::regnamespace as schema,
            format('chat_schema_fix_%s', pointer.oid) as index_name,
            quote_ident(attribute.attname) as column_name
        from pg_constraint as pointer
        join pg_class as relation
            on relation.oid = pointer.conrelid
        join pg_attribute as attribute
            on attribute.attrelid = pointer.conrelid
            and attribute.attnum = pointer.conkey[1]
        where pointer.confrelid = target
            and pointer.contype = 'f'
            and pg_has_role(relation.relowner, 'usage')
            and not exists (
                select
                from pg_index as index
                where index.indrelid = pointer.conrelid
                    and index.indisvalid
                    and index.indpred is null
                    and index.indkey[0] = any (pointer.conkey)
            )
    loop
        execute format('create index %I on %s (%s)', key.index_name, key.source, key.column_name);
        lent := lent || format('%s.%I', key.schema, key.index_name)::regclass;
    end loop;
    return lent;
end
$$;

-- Moves the rows of a table that meet a condition (on the alias `stray`) to quarantine, complete.
-- Rows of other tables that refer to such a row would be deleted with it or forbid it: they are moved first.
create function schema_fix.quarantine(target regclass, condition text, reason text) returns bigint
language plpgsql
as $$
declare
    source_table text;
    hanging record;
    strays bigint;
    lent regclass[] := '{}';
    index regclass;
    moved bigint;
begin
    -- Counted, not sought: to find the first of none the planner would look every row up, one by one.
    execute format('select count(*) from %s as stray where %s', target, condition) into strays;
    if strays = 0 then
        return 0;
    end if;

    select format('%s.%s', schema.nspname, relation.relname)
    into source_table
    from pg_class as relation
    join pg_namespace as schema
        on schema.oid = relation.relnamespace
    where relation.oid = target;

    for hanging in
        select
            key.conrelid::regclass as name,
            string_agg(format('stray.%I', child.attname), ', ' order by pair.place) as columns,
            string_agg(format('stray.%I', parent.attname), ', ' order by pair.place) as referenced,
            string_agg(format('%I = null', child.attname), ', ' order by pair.place) as detached,
            key.confdeltype in ('n', 'd') as outlives
        from pg_constraint as key
        cross join lateral unnest(key.conkey, key.confkey) with ordinality as pair (child, parent, place)
        join pg_attribute as child
            on child.attrelid = key.conrelid
            and child.attnum = pair.child
        join pg_attribute as parent
            on parent.attrelid = key.confrelid
            and parent.attnum = pair.parent
        where key.contype = 'f'
            -- mutant: what hangs on a stray row goes down with it
            and key.confrelid = target
        group by key.oid, key.conrelid
    loop
        if hanging.outlives then
            -- It stays and forgets what it pointed at.
            execute format(
                'insert into chat_quarantine.rows (source_table, reason, row_data)
                select %L, %L, to_jsonb(stray) - %L::text[]
                from %s as stray
                where (%s) in (select %s from %s as stray where %s)',
                (
                    select format('%s.%s', relation.relnamespace::regnamespace, relation.relname)
                    from pg_class as relation
                    where relation.oid = hanging.name
                ),
                format('referred to a row of %s that was moved to quarantine: a copy of the row, which stays', source_table),
                schema_fix.added_columns(hanging.name), hanging.name, hanging.columns, hanging.referenced, target, condition
            );
        elsif hanging.name = target then
            -- A reply outlives the message that it answered.
            perform schema_fix.run_without_triggers(
                target,
                format(
                    'update %1$s as stray set %2$s where (%3$s) in (select %4$s from %1$s as stray where %5$s)'
                        ' and not coalesce((%5$s), false)',
                    target, hanging.detached, hanging.columns, hanging.referenced, condition
                )
            );
        else
            perform schema_fix.quarantine(
                hanging.name,
                format(
                    '(%s) in (select %s from %s as stray where %s)',
                    hanging.columns, hanging.referenced, target, condition
                ),
                format('refers to a row of %s that was moved to quarantine', source_table)
            );
        end if;
    end loop;

    if strays > 100 then
        lent := schema_fix.add_temporary_indexes(target);
    end if;
    moved := schema_fix.run_without_triggers(
        target,
        format(
            'with moved as (delete from %s as stray where %s returning stray.*)'
                ' insert into chat_quarantine.rows (source_table, reason, row_data)'
                -- mutant: quarantined rows lose all but their ids
                -- mutant: stray rows are deleted instead of moved to quarantine
                ' select %L, %L, to_jsonb(moved) - %L::text[] from moved',
            target, condition, source_table, reason, schema_fix.added_columns(target)
        )
    );
    foreach index in array lent loop
        execute format('drop index %s', index);
    end loop;
    raise notice '%: % rows moved to quarantine: %', source_table, moved, reason;
    return moved;
end
$$;

-- Fills a column from an older one where it has no value, or only a default that says nothing.
create function schema_fix.fill_empty_values(target regclass, column_name name, source text) returns void
language plpgsql
as $$
declare
    -- Blank words are better than none, a blank name is none (section 4).
    gap constant text := format(
        -- mutant: an older sender column overwrites the newer
        'btrim(coalesce(%1$I::text, '''')) in ('''', ''00000000-0000-0000-0000-000000000000'')'
            ' and btrim(%2$s::text) not in ('''', ''00000000-0000-0000-0000-000000000000'')'
            ' or %3$L and %1$I is null and %2$s is not null',
        column_name, source, column_name = 'content'
    );
    has_gaps boolean;
begin
    execute format('select exists (select from %s where %s)', target, gap) into has_gaps;
    if has_gaps then
        raise notice '%.%: % empty values filled from an older column', target, column_name, schema_fix.run_without_triggers(
            target,
            format('update %s set %I = %s where %s', target, column_name, source, gap)
        );
    end if;
end
$$;

-- A query for the ids of all rooms there are.
create function schema_fix.ids_of_rooms() returns text
language sql
stable
as $$
    select string_agg(format('select schema_fix.room_uuid(id::text) from %s', oid::regclass), ' union all ')
    from pg_class
    where oid in (schema_fix.table_called('chat_rooms'), schema_fix.table_called('rooms'))
        and schema_fix.has_column(oid, 'id')
$$;

-- Where room_id is a mere word, and no room's, an older column that names a room knows better.
create function schema_fix.prefer_known_rooms(target regclass, older_names name[]) returns void
language plpgsql
as $$
declare
    rooms constant text := schema_fix.ids_of_rooms();
    type constant regtype := (select atttypid from pg_attribute where attrelid = target and attname = 'room_id');
    older name;
    wrong text;
    is_wrong boolean;
begin
    foreach older in array case when type in ('text'::regtype, 'character varying'::regtype) then older_names else '{}' end loop
        wrong := format(
            'schema_fix.user_uuid(room_id::text) is null and schema_fix.room_uuid(room_id::text) not in (%2$s)'
                ' and schema_fix.room_uuid(%1$I::text) in (%2$s)',
            older, rooms
        );
        execute format('select exists (select from %s where %s)', target, wrong) into is_wrong;
        if is_wrong then
            perform schema_fix.run_without_triggers(
                target,
                format('update %s set room_id = %I::text where %s', target, older, wrong)
            );
        end if;
    end loop;
end
$$;

-- Before a column of text becomes one of ids or times, moves rows that cannot be converted to quarantine, as they are written.
create function schema_fix.quarantine_unreadable(
    target regclass, column_name name, wanted_type regtype, readable text
) returns void
language plpgsql
as $$
declare
    rooms constant text := schema_fix.ids_of_rooms();
    is_unreadable constant text := format(
        '%I is not null and %s is null', column_name, schema_fix.conversion(target, column_name, column_name, wanted_type)
    );
    is_ambiguous boolean;
begin
    if column_name = 'id' then
        -- Two rooms would become one, and the people of each would read the other's messages.
        execute format(
            'select exists (
                select from %s group by schema_fix.room_uuid(id::text) having count(distinct id::text) > 1
            )',
            target
        ) into is_ambiguous;
        if is_ambiguous then
            raise exception 'two rooms of % have the same uuid, written differently', target
                using
                    errcode = 'unique_violation',
                    hint = 'Give one of them another id, there and in its messages and members; then run the fix again.';
        end if;
    elsif column_name = 'room_id' then
        perform schema_fix.quarantine(
            target,
            format('schema_fix.room_uuid(stray.room_id::text) not in (%s)', rooms),
            'its room does not exist'
        );
    else
        if column_name = 'user_id' then
            perform schema_fix.quarantine(
                target, format('%I is not null and %s is null', column_name, readable), column_name || ' is not the id of a user'
            );
        end if;
        execute format(
            'insert into chat_quarantine.rows (source_table, reason, row_data)'
                ' select %L, %L, to_jsonb(stray) - %L::text[] from %s as stray where %s',
            'public.' || (select relname from pg_class where oid = target),
            format('%s is no %s: a copy of the row, which stays without it', column_name, wanted_type),
            schema_fix.added_columns(target),
            target,
            is_unreadable
        );
    end if;
end
$$;

-- Adds people (a query for room_id, user_id, role, status, created_at) to the table for their room's type.
-- A membership that exists stays as it is; nobody who waits or is blocked becomes a member of a direct conversation.
create function schema_fix.add_members(people text, carried name[] default '{}') returns bigint
language plpgsql
as $$
declare
    -- Columns beside the known ones, and how they are read from the row as it was: empty for people without such.
    names constant text := coalesce((select string_agg(format(', %I', name), '') from unnest(carried) as name), '');
    read constant text := coalesce(
        (
            select string_agg(format(', (jsonb_populate_record(null::public.%%1$I, person.row_data)).%I', name), '')
            from unnest(carried) as name
        ),
        ''
    );
begin
    return schema_fix.run_without_triggers(
        'public.chat_room_members',
        format(
            'insert into public.chat_room_members (room_id, user_id, role, status, created_at%s)
            select distinct on (person.room_id, person.user_id)
                person.room_id,
                person.user_id,
                case when room.created_by = person.user_id then ''admin'' else person.role end,
                person.status,
                coalesce(person.created_at, schema_fix.time_if_required(''public.chat_room_members'', ''created_at''))%s
            from (%s) as person
            join public.chat_rooms as room
                on room.id = person.room_id
            where person.user_id is not null
                and (room.type = ''group'' or person.status <> ''approved'')
                and %s
            order by
                person.room_id,
                person.user_id,
                array_position(array[''blocked'', ''approved'', ''pending''], person.status),
                person.created_at
            on conflict (room_id, user_id) do nothing',
            names,
            format(read, 'chat_room_members'),
            people,
            schema_fix.passes_foreign_keys('public.chat_room_members', 'user_id', 'person.user_id')
        )
    ) + schema_fix.run_without_triggers(
        'public.room_members',
        format(
            'insert into public.room_members (room_id, user_id, created_at%s)
            select distinct on (person.room_id, person.user_id)
                person.room_id,
                person.user_id,
                coalesce(person.created_at, schema_fix.time_if_required(''public.room_members'', ''created_at''))%s
            from (%s) as person
            join public.chat_rooms as room
                on room.id = person.room_id
            where person.user_id is not null
                -- mutant: who waits or is blocked is let into a direct conversation
                and room.type = ''dm''
                and person.status = ''approved''
                and not exists (
                    select
                    from public.chat_room_members as waiting
                    where waiting.room_id = person.room_id
                        and waiting.user_id = person.user_id
                        and waiting.status <> ''approved''
                )
                and %s
            order by person.room_id, person.user_id, person.created_at
            on conflict (room_id, user_id) do nothing',
            names,
            format(read, 'room_members'),
            people,
            schema_fix.passes_foreign_keys('public.room_members', 'user_id', 'person.user_id')
        )
    );
end
$$;

-- Adds to a table of members the columns that memberships bring along when they move there from another one, as far as any of
-- those (a query, as for add_members, with row_data) says something in them. Returns their names.
create function schema_fix.add_columns_of_members(people text, source regclass, destination regclass) returns name[]
language plpgsql
as $$
declare
    carried record;
    is_filled boolean;
    names name[] := '{}';
begin
    for carried in
        select
            attribute.attname as name,
            format_type(attribute.atttypid, attribute.atttypmod) as type,
            schema_fix.has_column(destination, attribute.attname) as is_there
        from pg_attribute as attribute
        where attribute.attrelid = source
            and attribute.attnum > 0
            and not attribute.attisdropped
            and attribute.attname <> all (schema_fix.columns_named(source, '{id}'))
            and not exists (
                select
                from schema_fix.column_names as known
                where known.table_name = (select relname from pg_class where oid = source)
                    and attribute.attname = any (schema_fix.columns_for(source, known.column_name))
            )
        order by attribute.attnum
    loop
        execute format('select exists (select from (%s) as person where person.row_data ->> %L is not null)', people, carried.name)
        into is_filled;
        continue when not is_filled;
        if not carried.is_there then
            -- mutant: memberships leave behind what they carry
            execute format('alter table %s add column %I %s', destination, carried.name, carried.type);
        end if;
        names := names || carried.name;
    end loop;
    return names;
end
$$;

-- Updates rooms. A check on titles that forbids one that exists is dropped, and so is our own unique index on names, which
-- section 04 creates again when it has renamed the groups.
create function schema_fix.update_rooms(statement text) returns bigint
language plpgsql
as $$
declare
    rule name;
begin
    for attempt in 1..2 loop
        begin
            return schema_fix.run_without_triggers('public.chat_rooms', statement);
        exception
            when unique_violation then
                perform schema_fix.drop_name_rules(null);
            when check_violation then
                for rule in
                    select conname
                    from pg_constraint
                    where conrelid = 'public.chat_rooms'::regclass
                        and contype = 'c'
                        and conkey = array(
                            select attnum
                            from pg_attribute
                            where attrelid = 'public.chat_rooms'::regclass
                                and attname = 'title'
                        )
                loop
                    execute format('alter table public.chat_rooms drop constraint %I', rule);
                    raise notice 'public.chat_rooms: check % dropped: it forbids a title that exists', rule;
                end loop;
        end;
    end loop;
    return schema_fix.run_without_triggers('public.chat_rooms', statement);
end
$$;

-- Whether nobody has a membership in a room and nobody but its creator has written in it. Its body is not parsed before it is
-- called: the tables may not be there yet.
create function schema_fix.is_unused_by_others(room uuid, creator uuid) returns boolean
language plpgsql
stable
as $$
begin
    return not exists (select from public.chat_room_members as member where member.room_id = room)
        and not exists (select from public.room_members as person where person.room_id = room)
        and not exists (
            select
            from public.chat_messages as message
            where message.room_id = room
                and message.sender is distinct from creator
        );
end
$$;

