--! Title: Columns

-- Drops unique indexes on titles: they forbid another creator's group, a second conversation, and rooms that move here.
-- The fix's own index stays until it forbids something; section 04 creates it again.
do $$
begin
    perform schema_fix.drop_name_rules(
        'CREATE UNIQUE INDEX idx_chat_rooms_unique_group'
            ' ON public.chat_rooms USING btree (created_by, md5(lower(btrim(title)))) WHERE (type = ''group''::text)'
    );
end
$$;

-- Rooms whose id is a number or a word get a uuid; a copy keeps the former id.
do $$
declare
    id name;
begin
    for id in
        select attname
        from pg_attribute
        where attrelid = 'public.chat_rooms'::regclass
            and attname = (schema_fix.columns_for('public.chat_rooms', 'id'))[1]
            and atttypid <> 'uuid'::regtype
    loop
        perform schema_fix.copy_to_quarantine(
            'public.chat_rooms',
            format('stray.%1$I is not null and schema_fix.user_uuid(stray.%1$I::text) is null', id),
            'a copy of a room: its number or word is a uuid now'
        );
    end loop;
end
$$;

-- Without a status column whoever has a membership is in: the status is approved, unless other columns say otherwise. Without a role
-- column nobody is an admin, unless another column says so.
do $$
declare
    told constant text := schema_fix.status_of('public.chat_room_members');
    of_new_rows constant text := schema_fix.default_status('public.chat_room_members');
    flag name;
begin
    if schema_fix.columns_for('public.chat_room_members', 'status') = '{}' then
        alter table public.chat_room_members add column status text not null default 'approved';
        execute format('alter table public.chat_room_members alter column status set default %L', of_new_rows);
        perform schema_fix.run_without_triggers(
            'public.chat_room_members',
            format('update public.chat_room_members set status = %1$s where %1$s <> ''approved''', told)
        );
    end if;

    if schema_fix.columns_for('public.chat_room_members', 'role') = '{}' then
        alter table public.chat_room_members add column role text not null default 'member';
        foreach flag in array schema_fix.flags_for('public.chat_room_members', 'role', 'admin') loop
            perform schema_fix.run_without_triggers(
                'public.chat_room_members',
                format('update public.chat_room_members set role = ''admin'' where %I::text = ''true''', flag)
            );
        end loop;
    end if;
end
$$;

-- Rooms without a type column, but with one that says whether they are groups.
do $$
declare
    flag name;
begin
    if schema_fix.columns_for('public.chat_rooms', 'type') = '{}' then
        foreach flag in array schema_fix.flags_for('public.chat_rooms', 'type', 'group') loop
            alter table public.chat_rooms add column type text;
            perform schema_fix.run_without_triggers(
                'public.chat_rooms',
                format(
                    'update public.chat_rooms set type = case %1$I::text when ''true'' then ''group'' when ''false'' then ''dm'' end'
                        ' where %1$I is not null',
                    flag
                )
            );
        end loop;
    end if;
end
$$;

-- A type that only has the column's default does not count where an older column beside it says something else.
do $$
declare
    older record;
begin
    for older in
        select
            word.attname as name,
            pg_get_expr(type_default.adbin, type_default.adrelid) as type_default,
            coalesce(pg_get_expr(word_default.adbin, word_default.adrelid), 'null') as word_default,
            type.attnotnull as is_required
        from pg_attribute as type
        join pg_attrdef as type_default
            on type_default.adrelid = type.attrelid
            and type_default.adnum = type.attnum
        join pg_attribute as word
            on word.attrelid = type.attrelid
            and word.attname in (
                select known_as
                from schema_fix.column_names
                where table_name = 'chat_rooms' and column_name = 'type' and known_as <> 'type'
            )
        left join pg_attrdef as word_default
            on word_default.adrelid = word.attrelid
            and word_default.adnum = word.attnum
        where type.attrelid = 'public.chat_rooms'::regclass
            and type.attname = 'type'
            and type.attgenerated = ''
            and not exists (select from chat_quarantine.imported where source_table = 'creators')
    loop
        if older.is_required then
            alter table public.chat_rooms alter column type drop not null;
        end if;
        perform schema_fix.run_without_triggers(
            'public.chat_rooms',
            format(
                'update public.chat_rooms
                set type = null
                where type = %2$s
                    and %1$I::text <> type::text
                    and %1$I::text is distinct from (%3$s)::text',
                older.name, older.type_default, older.word_default
            )
        );
    end loop;
end
$$;

-- Rooms without a column for their creator get one. The policy asks for it, and the application does not write it yet: by default it is the
-- user who inserts the room. A room that a function or the server makes has none, as before.
do $$
begin
    if schema_fix.columns_for('public.chat_rooms', 'created_by') = '{}' then
        alter table public.chat_rooms add column created_by uuid;
        alter table public.chat_rooms alter column created_by
        set default case when row_security_active('public.chat_rooms') then auth.uid() end;
        raise notice 'public.chat_rooms: column created_by added, and whoever inserts a room is its creator';
    end if;
end
$$;

-- Gives every column its name, type and default. What compares two columns (a policy, a view) is created again when both have their types.
do $$
declare
    wanted record;
    changes jsonb := '[]';
begin
    for wanted in
        select format('public.%I', table_name)::regclass as target, column_name, column_type, default_value
        from schema_fix.columns
        where (table_name, column_name) <> ('chat_messages', 'id')
        order by place
    loop
        changes := changes
            || schema_fix.ensure_column(wanted.target, wanted.column_name, wanted.column_type, wanted.default_value);
    end loop;
    perform schema_fix.make_waiting_again(changes);
end
$$;

-- A message's id: a uuid, or the whole number that it always was. Text becomes a uuid.
do $$
declare
    older constant name := (schema_fix.columns_for('public.chat_messages', 'id'))[1];
    id_type regtype;
begin
    if not schema_fix.has_column('public.chat_messages', 'id') then
        if older is null then
            alter table public.chat_messages add column id uuid not null default gen_random_uuid();
        else
            execute format('alter table public.chat_messages rename column %I to id', older);
        end if;
    end if;

    select atttypid
    into id_type
    from pg_attribute
    where attrelid = 'public.chat_messages'::regclass
        and attname = 'id';
    if id_type in ('text'::regtype, 'character varying'::regtype, 'character'::regtype) then
        perform schema_fix.make_waiting_again(schema_fix.change_type(
            'public.chat_messages',
            'id',
            'uuid',
            'coalesce(schema_fix.user_uuid(%1$I::text), md5(''chat message '' || %1$I)::uuid)'
        ));
    elsif id_type not in ('uuid'::regtype, 'bigint'::regtype, 'integer'::regtype, 'smallint'::regtype) then
        raise exception 'public.chat_messages.id is %: neither a uuid nor a whole number', id_type
            using
                errcode = 'datatype_mismatch',
                hint = 'Change the type of that column to bigint or uuid; then run the fix again.';
    end if;
end
$$;
