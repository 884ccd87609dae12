--! Title: The four tables and their columns

-- A view called chat_rooms makes way for the table. Whoever reads the view keeps it, under another name.
do $$
declare
    view_id constant oid := to_regclass('public.chat_rooms');
begin
    if (select relkind from pg_class where oid = view_id) = 'v' then
        begin
            drop view public.chat_rooms;
        exception
            -- Views, policies, rules and functions may.
            when dependent_objects_still_exist then
                alter view public.chat_rooms rename to chat_rooms_legacy_view;
        end;
    end if;
end
$$;

-- Without the table nothing can have been read into it, whatever an earlier run noted.
do $$
begin
    if to_regclass('public.chat_rooms') is null then
        delete from chat_quarantine.imported;
        create table public.chat_rooms (
            id uuid not null default gen_random_uuid(),
            type text not null default 'group',
            title text,
            created_by uuid,
            created_at timestamptz default now(),
            updated_at timestamptz default now()
        );
    end if;
end
$$;

-- What else is missing. Keys come in section 2, once the rows are fit for them.
do $$
begin
    if to_regclass('public.chat_room_members') is null then
        create table public.chat_room_members (
            room_id uuid not null,
            user_id uuid not null,
            role text not null default 'member',
            status text not null default 'pending',
            invited_by uuid,
            created_at timestamptz default now()
        );
    end if;

    if to_regclass('public.room_members') is null then
        create table public.room_members (
            room_id uuid not null,
            user_id uuid not null,
            created_at timestamptz default now()
        );
    end if;

    if to_regclass('public.chat_messages') is null then
        create table public.chat_messages (
            id uuid not null default gen_random_uuid(),
            room_id uuid not null,
            sender uuid not null,
            content text not null,
            created_at timestamptz default now(),
            updated_at timestamptz default now()
        );
    end if;
end
$$;

-- They stand in the way of another creator's group, of a second conversation, and here already of a room that moves in or of
-- a name, creator or type that is put in order. Ours stays as long as it can; section 04 makes it.
do $$
begin
    perform schema_fix.drop_name_rules(
        'CREATE UNIQUE INDEX idx_chat_rooms_unique_group'
            ' ON public.chat_rooms USING btree (created_by, md5(lower(btrim(title)))) WHERE (type = ''group''::text)'
    );
end
$$;

-- Where memberships had no status it is what other columns say, else everybody was a member; and nobody was an admin where
-- they had no role.
do $$
declare
    told constant text := schema_fix.status_of('public.chat_room_members');
    flag name;
begin
    if schema_fix.columns_called('public.chat_room_members', '{status,state,member_status,membership_status}') = '{}' then
        alter table public.chat_room_members add column status text not null default 'approved';
        alter table public.chat_room_members alter column status set default 'pending';
        perform schema_fix.run_without_triggers(
            'public.chat_room_members',
            format('update public.chat_room_members as legacy set status = %1$s where %1$s <> ''approved''', told)
        );
    end if;

    if schema_fix.columns_called('public.chat_room_members', '{role,member_role}') = '{}' then
        alter table public.chat_room_members add column role text not null default 'member';
        foreach flag in array schema_fix.columns_called('public.chat_room_members', '{is_admin}') loop
            perform schema_fix.run_without_triggers(
                'public.chat_room_members',
                format('update public.chat_room_members set role = ''admin'' where %I::text = ''true''', flag)
            );
        end loop;
    end if;
end
$$;

-- Where rooms had no type, but said whether they are groups.
do $$
declare
    flag name;
begin
    if schema_fix.columns_called('public.chat_rooms', '{type,kind,room_type}') = '{}' then
        foreach flag in array schema_fix.columns_called('public.chat_rooms', '{is_group}') loop
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

-- A type that was added with a default and never filled says nothing where the older word beside it says something else.
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
            and word.attname in ('kind', 'room_type')
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

-- The columns of the four tables, with the older names they may still have.
do $$
declare
    wanted record;
    changes jsonb := '[]';
begin
    for wanted in
        select *
        from (values
            ('chat_rooms', 'id', 'uuid', 'gen_random_uuid()', '{room_id}'),
            ('chat_rooms', 'type', 'text', '''group''', '{kind,room_type}'),
            ('chat_rooms', 'title', 'text', null, '{name,room_name,group_name}'),
            ('chat_rooms', 'created_by', 'uuid', null, '{creator_id,creator,owner_id}'),
            ('chat_rooms', 'created_at', 'timestamptz', 'now()', '{inserted_at}'),
            ('chat_rooms', 'updated_at', 'timestamptz', 'now()', '{}'),
            ('chat_room_members', 'room_id', 'uuid', null, '{conversation_id,chat_id,chat_room_id}'),
            ('chat_room_members', 'user_id', 'uuid', null, '{participant_id,profile_id,member_id,user}'),
            ('chat_room_members', 'role', 'text', '''member''', '{member_role}'),
            ('chat_room_members', 'status', 'text', '''pending''', '{state,member_status,membership_status}'),
            ('chat_room_members', 'invited_by', 'uuid', null, '{}'),
            ('chat_room_members', 'created_at', 'timestamptz', 'now()', '{joined_at,inserted_at}'),
            ('room_members', 'room_id', 'uuid', null, '{conversation_id,chat_id,chat_room_id}'),
            ('room_members', 'user_id', 'uuid', null, '{participant_id,profile_id,member_id,user}'),
            ('room_members', 'created_at', 'timestamptz', 'now()', '{joined_at,inserted_at}'),
            ('chat_messages', 'room_id', 'uuid', null, '{conversation_id,chat_id,chat_room_id,thread_id,channel_id}'),
            -- mutant: the older sender column is not read
            ('chat_messages', 'sender', 'uuid', null, '{sender_id,author_id,user_id,from_user_id,from_user,from_id,from,sent_by,author,profile_id,created_by}'),
            ('chat_messages', 'content', 'text', null, '{message,body,text,message_text}'),
            ('chat_messages', 'created_at', 'timestamptz', 'now()', '{sent_at,inserted_at,timestamp}'),
            ('chat_messages', 'updated_at', 'timestamptz', 'now()', '{}')
        ) as target (table_name, column_name, type, value, older_names)
    loop
        changes := changes || schema_fix.ensure_column(
            format('public.%I', wanted.table_name)::regclass,
            wanted.column_name,
            wanted.type::regtype,
            wanted.value,
            wanted.older_names::name[]
        );
    end loop;

    -- What joins two of them fits again, now that both have their type.
    perform schema_fix.make_waiting_again(changes);
end
$$;

-- Other columns of these tables stay, and may stay empty; a room of the first generation may have no creator,
-- a conversation no title.
do $$
begin
    perform schema_fix.relax_other_columns('public.chat_rooms', '{id,type}', '{title,created_by}');
    perform schema_fix.relax_other_columns('public.chat_room_members', '{room_id,user_id,role,status}');
    perform schema_fix.relax_other_columns('public.room_members', '{room_id,user_id}');
    perform schema_fix.relax_other_columns('public.chat_messages', '{id,room_id,sender,content}');
end
$$;
