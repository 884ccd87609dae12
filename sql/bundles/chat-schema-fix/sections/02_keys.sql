--! Title: Foreign and primary keys
--! Needs: 01

-- One row a key, one room a message. What stands in the way of a key is given a new id, or set aside with the reason, before
-- the key is made: the historical script made keys first and cleaned up afterwards, and so failed wherever it was needed.

-- The first copy of what is there twice, word for word, says it all.
do $$
declare
    target regclass;
    copies bigint;
begin
    foreach target in array array['public.chat_rooms', 'public.chat_room_members', 'public.room_members']::regclass[] loop
        if exists (select from pg_index where indrelid = target and indisprimary) then
            continue;
        end if;
        copies := schema_fix.run_without_triggers(
            target,
            format(
                'delete from %1$s as spare using (
                    select copy.ctid, row_number() over (partition by copy::text order by copy.ctid) as place
                    from %1$s as copy
                ) as numbered
                where numbered.ctid = spare.ctid and numbered.place > 1',
                target
            )
        );
        if copies > 0 then
            raise notice '%: % exact copies of other rows removed', target, copies;
        end if;
    end loop;
end
$$;

-- A room without an id can be referred to by nothing: it gets one. Of several rooms with one id the oldest keeps it.
do $$
begin
    if not schema_fix.is_required('public.chat_rooms', 'id') then
        perform schema_fix.run_without_triggers(
            'public.chat_rooms', 'update public.chat_rooms set id = gen_random_uuid() where id is null'
        );
    end if;

    perform schema_fix.quarantine(
        'public.chat_rooms',
        'stray.ctid in (
            select numbered.ctid
            from (
                select
                    room.ctid,
                    row_number() over (partition by room.id order by room.created_at, room.title, room.ctid) as place
                from public.chat_rooms as room
            ) as numbered
            where numbered.place > 1
        )',
        'another room has its id'
    );

    if not schema_fix.is_required('public.chat_rooms', 'id') then
        alter table public.chat_rooms alter column id set not null;
    end if;
    perform schema_fix.ensure_primary_key('public.chat_rooms', '{id}');
end
$$;

-- Memberships of nothing or of nobody, and all but one of several for the same person in the same room: blocked goes before
-- approved, approved before pending, so that nobody gains by it.
do $$
declare
    target regclass;
begin
    foreach target in array array['public.chat_room_members', 'public.room_members']::regclass[] loop
        perform schema_fix.quarantine(target, 'stray.room_id is null', 'it names no room');
        perform schema_fix.quarantine(target, 'stray.user_id is null', 'it names no user');
        perform schema_fix.quarantine(
            target,
            'not exists (select from public.chat_rooms as room where room.id = stray.room_id)',
            'its room does not exist'
        );
        perform schema_fix.quarantine(
            target,
            format(
                'stray.ctid in (
                    select numbered.ctid
                    from (
                        select
                            member.ctid,
                            row_number() over (
                                partition by member.room_id, member.user_id
                                order by %s member.created_at, member.ctid
                            ) as place
                        from %s as member
                    ) as numbered
                    where numbered.place > 1
                )',
                case
                    when target = 'public.chat_room_members'::regclass then
                        'array_position(
                            -- mutant: of contradicting memberships the approved one stands
                            array[''blocked'', ''approved'', ''pending''], schema_fix.member_status(member.status)
                        ),
                        member.status = ''pending'' desc,
                        member.role = ''admin'' desc nulls last,'
                end,
                target
            ),
            'another membership of the same person in the same room stands'
        );
    end loop;
end
$$;

-- Messages of no room, of a room that is gone, or of nobody. A key to chat_rooms that is there proves nothing, since a restored
-- dump is not checked; one that has yet to be made looks at every row anyway (see ensure_room_key).
do $$
begin
    if not schema_fix.is_required('public.chat_messages', 'room_id') then
        perform schema_fix.quarantine('public.chat_messages', 'stray.room_id is null', 'it names no room');
    end if;

    if exists (
        select
        from pg_constraint
        where conrelid = 'public.chat_messages'::regclass
            and confrelid = 'public.chat_rooms'::regclass
            and convalidated
    ) or not exists (
        select from pg_index where indrelid = 'public.chat_messages'::regclass and indisprimary
    ) then
        perform schema_fix.quarantine(
            'public.chat_messages',
            'not exists (select from public.chat_rooms as room where room.id = stray.room_id)',
            'its room does not exist'
        );
    end if;

    if not schema_fix.is_required('public.chat_messages', 'sender') then
        perform schema_fix.quarantine('public.chat_messages', 'stray.sender is null', 'nobody sent it');
    end if;

    if not schema_fix.is_required('public.chat_messages', 'content') then
        begin
            perform schema_fix.run_without_triggers(
                'public.chat_messages', 'update public.chat_messages set content = '''' where content is null'
            );
        exception
            -- A rule of theirs forbids empty words.
            when check_violation then
                perform schema_fix.run_without_triggers(
                    'public.chat_messages', 'update public.chat_messages set content = ''-'' where content is null'
                );
        end;
    end if;
end
$$;

-- A sequence of somebody else cannot be set forward, nor granted to whoever writes: the column's own takes its place.
do $$
declare
    own_sequence constant text := pg_get_serial_sequence('public.chat_messages', 'id');
begin
    if exists (
        select
        from pg_depend
        join pg_attrdef as given
            on given.oid = objid
        join pg_class as sequence
            on sequence.oid = refobjid
        where classid = 'pg_attrdef'::regclass
            and given.adrelid = 'public.chat_messages'::regclass
            and given.adnum = (select attnum from pg_attribute where attrelid = given.adrelid and attname = 'id')
            and sequence.relkind = 'S'
            and not pg_has_role(sequence.relowner, 'usage')
    ) then
        alter table public.chat_messages alter column id drop default;
        if own_sequence is not null then
            execute format('alter table public.chat_messages alter column id set default nextval(%L)', own_sequence);
        end if;
    end if;
end
$$;

-- A new message gets its id by itself, from a sequence that is ahead of every id there is.
do $$
declare
    is_number constant boolean := (
        select atttypid <> 'uuid'::regtype
        from pg_attribute
        where attrelid = 'public.chat_messages'::regclass
            and attname = 'id'
    );
    has_default constant boolean := (
        select atthasdef or attidentity <> ''
        from pg_attribute
        where attrelid = 'public.chat_messages'::regclass
            and attname = 'id'
    );
    sequence_name regclass;
    last_given bigint;
    highest bigint;
begin
    if not has_default and not is_number then
        -- mutant: a message has no id of its own
        alter table public.chat_messages alter column id set default gen_random_uuid();
    elsif not has_default then
        perform schema_fix.run_without_triggers(
            'public.chat_messages',
            'update public.chat_messages as message
            set id = numbered.id
            from (
                select
                    nameless.ctid,
                    row_number() over (order by nameless.created_at, nameless.ctid)
                        + (select coalesce(max(id), 0) from public.chat_messages) as id
                from public.chat_messages as nameless
                where nameless.id is null
            ) as numbered
            where message.ctid = numbered.ctid'
        );
        alter table public.chat_messages alter column id set not null;
        alter table public.chat_messages alter column id add generated by default as identity;
    end if;

    select dependency.sequence
    into sequence_name
    from (
        select refobjid as sequence
        from pg_depend
        join pg_attrdef as given
            on given.oid = objid
        where classid = 'pg_attrdef'::regclass
            and given.adrelid = 'public.chat_messages'::regclass
            and given.adnum = (select attnum from pg_attribute where attrelid = given.adrelid and attname = 'id')
        union all
        select pg_get_serial_sequence('public.chat_messages', 'id')::regclass
    ) as dependency
    join pg_class as relation
        on relation.oid = dependency.sequence
    where relation.relkind = 'S'
    limit 1;
    if sequence_name is not null then
        execute format('select case when is_called then last_value else last_value - 1 end from %s', sequence_name)
        into last_given;
        select max(message.id)
        into highest
        from public.chat_messages as message;
        if highest > last_given then
            perform setval(sequence_name, highest);
        end if;
    end if;
end
$$;

-- Messages without an id, and those whose id another one has too, get a new one: the one that other tables point at keeps
-- it, else the oldest.
do $$
declare
    pointed_at constant text := (
        select string_agg(
            format('exists (select from %s as pointer where %s)', referring.source, referring.match), ' or '
        )
        from (
            select
                key.conrelid::regclass as source,
                string_agg(format('pointer.%I = repeated.%I', child.attname, parent.attname), ' and ') as match
            from pg_constraint as key
            cross join lateral unnest(key.conkey, key.confkey) as pair (child, parent)
            join pg_attribute as child
                on child.attrelid = key.conrelid
                and child.attnum = pair.child
            join pg_attribute as parent
                on parent.attrelid = key.confrelid
                and parent.attnum = pair.parent
            where key.contype = 'f'
                and key.confrelid = 'public.chat_messages'::regclass
            group by key.oid, key.conrelid
        ) as referring
    );
    follower record;
    put_back text[] := '{}';
    statement text;
    renumbered bigint;
begin
    if exists (
        select
        from pg_index as index
        where index.indrelid = 'public.chat_messages'::regclass
            and index.indisprimary
            and index.indkey::text = (
                select attnum::text
                from pg_attribute
                where attrelid = index.indrelid
                    and attname = 'id'
            )
    ) then
        return;
    end if;

    if exists (select from public.chat_messages where id is null)
        or exists (select from public.chat_messages group by id having count(*) > 1)
    then
        -- Numbered room by room, messages are pointed at by room and number: what points at them takes the new number.
        for follower in
            select conrelid::regclass as source, conname as name, pg_get_constraintdef(oid) as definition
            from pg_constraint
            where contype = 'f'
                and confrelid = 'public.chat_messages'::regclass
                and confupdtype <> 'c'
        loop
            statement := format('alter table %1$s drop constraint %2$I, add constraint %2$I ', follower.source, follower.name);
            execute statement || regexp_replace(
                regexp_replace(follower.definition, ' ON UPDATE (RESTRICT|SET NULL|SET DEFAULT)', ''),
                '( ON DELETE | DEFERRABLE| NOT VALID|$)', ' ON UPDATE CASCADE\1'
            );
            put_back := put_back || (statement || follower.definition);
        end loop;

        renumbered := schema_fix.run_without_triggers(
            'public.chat_messages',
            format(
                'update public.chat_messages as message
                -- mutant: a repeated id keeps only its first message
                set id = default
                where message.id is null
                    or message.ctid in (
                        select numbered.ctid
                        from (
                            select
                                repeated.ctid,
                                row_number() over (
                                    partition by repeated.id order by %s repeated.created_at, repeated.ctid
                                ) as place
                            from public.chat_messages as repeated
                        ) as numbered
                        where numbered.place > 1
                    )',
                -- mutant: the message that others point at gets the new id
                '(' || pointed_at || ') desc,'
            )
        );
        foreach statement in array put_back loop
            execute statement;
        end loop;
        raise notice 'public.chat_messages: % repeated or missing ids replaced', renumbered;
    end if;
end
$$;

-- Now every row has what the application relies on.
do $$
declare
    needed record;
begin
    for needed in
        select format('public.%I', table_name)::regclass as target, column_name
        from schema_fix.columns
        where is_required
            and table_name <> 'chat_rooms'
            and column_name not in ('role', 'status')
    loop
        if not schema_fix.is_required(needed.target, needed.column_name) then
            execute format('alter table %s alter column %I set not null', needed.target, needed.column_name);
        end if;
    end loop;
end
$$;

-- A key `on delete set null` would take the sender off a message when an account is deleted, and the account could not be
-- deleted any more: the message keeps the id of who wrote it. Only such a key needs the trigger.
do $$
declare
    needs_trigger constant boolean := exists (
        select
        from pg_constraint
        where conrelid = 'public.chat_messages'::regclass
            and contype = 'f'
            and confdeltype = 'n'
            and conkey && array(
                select attnum
                from pg_attribute
                where attrelid = conrelid
                    and attname = any (schema_fix.columns_for(conrelid, 'sender'))
            )
    );
    definition constant text :=
        'CREATE TRIGGER chat_messages_keep_sender BEFORE UPDATE ON public.chat_messages FOR EACH ROW'
        ' WHEN (((new.sender IS NULL) AND (old.sender IS NOT NULL)))'
        ' EXECUTE FUNCTION public.keep_chat_message_sender()';
begin
    if not needs_trigger then
        return;
    end if;
    create or replace function public.keep_chat_message_sender() returns trigger
    language plpgsql
    set search_path = ''
    as $body$
    begin
        new.sender := old.sender;
        return new;
    end
    $body$;
    revoke execute on function public.keep_chat_message_sender() from public, anon, authenticated, service_role;
    if not exists (
        select
        from pg_trigger
        where tgrelid = 'public.chat_messages'::regclass
            and pg_get_triggerdef(oid) = definition
            and tgenabled = 'O'
    ) then
        drop trigger if exists chat_messages_keep_sender on public.chat_messages;
        execute definition;
    end if;
end
$$;

-- The other primary keys.
do $$
begin
    perform schema_fix.ensure_primary_key('public.chat_room_members', '{room_id,user_id}');
    perform schema_fix.ensure_primary_key('public.room_members', '{room_id,user_id}');
    perform schema_fix.ensure_primary_key('public.chat_messages', '{id}');
end
$$;

-- The columns of a former key are ordinary ones now.
select schema_fix.relax_other_columns();

-- The foreign keys.
do $$
begin
    perform schema_fix.ensure_room_key('public.chat_messages', 'chat_messages_room_id_fkey');
    perform schema_fix.ensure_room_key('public.chat_room_members', 'chat_room_members_room_id_fkey');
    perform schema_fix.ensure_room_key('public.room_members', 'room_members_room_id_fkey');
end
$$;
