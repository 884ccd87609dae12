--! Title: The four tables and their columns

-- A view called chat_rooms makes way for the table. Whoever reads the view keeps it, under another name.
do $$
declare
    view_id constant oid := pg_catalog.to_regclass('public.chat_rooms');
begin
    if (select relkind from pg_catalog.pg_class where oid = view_id) = 'v' then
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
    if pg_catalog.to_regclass('public.chat_rooms') is null then
        delete from chat_quarantine.imported;
        create table public.chat_rooms (
            id uuid not null default pg_catalog.gen_random_uuid(),
            type text not null default 'group',
            title text,
            created_by uuid,
            created_at timestamptz default pg_catalog.now(),
            updated_at timestamptz default pg_catalog.now()
        );
    end if;
end
$$;

-- What else is missing. Keys come in section 2, once the rows are fit for them.
do $$
begin
    if pg_catalog.to_regclass('public.chat_room_members') is null then
        create table public.chat_room_members (
            room_id uuid not null,
            user_id uuid not null,
            role text not null default 'member',
            status text not null default 'pending',
            invited_by uuid,
            created_at timestamptz default pg_catalog.now()
        );
    end if;

    if pg_catalog.to_regclass('public.room_members') is null then
        create table public.room_members (
            room_id uuid not null,
            user_id uuid not null,
            created_at timestamptz default pg_catalog.now()
        );
    end if;

    if pg_catalog.to_regclass('public.chat_messages') is null then
        create table public.chat_messages (
            id uuid not null default pg_catalog.gen_random_uuid(),
            room_id uuid not null,
            sender uuid not null,
            content text not null,
            created_at timestamptz default pg_catalog.now(),
            updated_at timestamptz default pg_catalog.now()
        );
    end if;
end
$$;

-- Tool: let go of older unique rules about the names of rooms, under the name that the column has now.
create or replace function chat_quarantine.drop_name_rules(spared text) returns void
language plpgsql
set search_path = ''
as $$
declare
    rule record;
begin
    for rule in
        select index.indexrelid::regclass::text as index_name, constraint_made.conname as constraint_name
        from pg_catalog.pg_index as index
        left join pg_catalog.pg_constraint as constraint_made
            on constraint_made.conindid = index.indexrelid
            and constraint_made.conrelid = index.indrelid
            and constraint_made.contype in ('u', 'x')
        where index.indrelid = 'public.chat_rooms'::regclass
            and (index.indisunique or index.indisexclusion)
            and not index.indisprimary
            and exists (
                select
                from pg_catalog.pg_depend as dependency
                join pg_catalog.pg_attribute as attribute
                    on attribute.attrelid = dependency.refobjid
                    and attribute.attnum = dependency.refobjsubid
                where dependency.refobjid = 'public.chat_rooms'::regclass
                    and dependency.objid in (index.indexrelid, constraint_made.oid)
                    and attribute.attname = (
                        select candidate.name
                        from unnest(
                            chat_quarantine.columns_called('public.chat_rooms', '{title,name,room_name,group_name}')
                        ) with ordinality as candidate (name, place)
                        order by candidate.place
                        limit 1
                    )
            )
            and (
                index.indisvalid
                and constraint_made.oid is null
                and pg_catalog.pg_get_indexdef(index.indexrelid) = spared
            ) is not true
    loop
        if rule.constraint_name is not null then
            execute pg_catalog.format('alter table public.chat_rooms drop constraint %I', rule.constraint_name);
        else
            execute pg_catalog.format('drop index %s', rule.index_name);
        end if;
        raise notice 'unique rule % about titles dropped', rule.index_name;
    end loop;
end
$$;

-- They stand in the way of another creator's group, of a second conversation, and here already of a room that moves in or of
-- a name, creator or type that is put in order. Ours stays as long as it can; section 04 makes it.
do $$
begin
    perform chat_quarantine.drop_name_rules(
        'CREATE UNIQUE INDEX idx_chat_rooms_unique_group'
            ' ON public.chat_rooms USING btree (created_by, md5(lower(btrim(title)))) WHERE (type = ''group''::text)'
    );
end
$$;

-- A check of our own columns that forbids what the application writes, or allows more, makes way for ours: it is judged by
-- what it says to each value. Ours are added once the values are in order: here for rooms, in section 11 for members.
create or replace function chat_quarantine.drop_other_checks(target regclass, column_name name, allowed text[]) returns boolean
language plpgsql
set search_path = ''
as $$
declare
    place constant smallint := (
        select attnum from pg_catalog.pg_attribute where attrelid = target and attname = column_name
    );
    found record;
    is_right boolean;
    has_right boolean := false;
begin
    for found in
        select
            conname as name,
            convalidated as is_valid,
            pg_catalog.cardinality(conkey) as columns,
            pg_catalog.pg_get_expr(conbin, conrelid) as expression
        from pg_catalog.pg_constraint
        where conrelid = target
            and contype = 'c'
            and place = any (conkey)
        order by conname
    loop
        if found.columns > 1 then
            execute pg_catalog.format('alter table %s drop constraint %I', target, found.name);
            continue;
        end if;
        execute pg_catalog.format(
            'select pg_catalog.bool_and((%s) = (value.%2$I = any (%3$L::text[])))'
                ' from unnest(%3$L::text[] || array[''other'', '''', ''Group'', ''dm'']) as value (%2$I)',
            found.expression, column_name, allowed
        ) into is_right;
        if has_right or is_right is not true or not found.is_valid then
            execute pg_catalog.format('alter table %s drop constraint %I', target, found.name);
        else
            has_right := true;
        end if;
    end loop;
    return has_right;
end
$$;

-- Where memberships had no status it is what other columns say, else everybody was a member; and nobody was an admin where
-- they had no role.
do $$
declare
    told constant text := chat_quarantine.status_of('public.chat_room_members');
    flag name;
begin
    if chat_quarantine.columns_called('public.chat_room_members', '{status,state,member_status,membership_status}') = '{}' then
        alter table public.chat_room_members add column status text not null default 'approved';
        alter table public.chat_room_members alter column status set default 'pending';
        perform chat_quarantine.change(
            'public.chat_room_members',
            pg_catalog.format('update public.chat_room_members as legacy set status = %1$s where %1$s <> ''approved''', told)
        );
    end if;

    if chat_quarantine.columns_called('public.chat_room_members', '{role,member_role}') = '{}' then
        alter table public.chat_room_members add column role text not null default 'member';
        foreach flag in array chat_quarantine.columns_called('public.chat_room_members', '{is_admin}') loop
            perform chat_quarantine.change(
                'public.chat_room_members',
                pg_catalog.format('update public.chat_room_members set role = ''admin'' where %I::text = ''true''', flag)
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
    if chat_quarantine.columns_called('public.chat_rooms', '{type,kind,room_type}') = '{}' then
        foreach flag in array chat_quarantine.columns_called('public.chat_rooms', '{is_group}') loop
            alter table public.chat_rooms add column type text;
            perform chat_quarantine.change(
                'public.chat_rooms',
                pg_catalog.format(
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
            pg_catalog.pg_get_expr(type_default.adbin, type_default.adrelid) as type_default,
            coalesce(pg_catalog.pg_get_expr(word_default.adbin, word_default.adrelid), 'null') as word_default,
            type.attnotnull as is_required
        from pg_catalog.pg_attribute as type
        join pg_catalog.pg_attrdef as type_default
            on type_default.adrelid = type.attrelid
            and type_default.adnum = type.attnum
        join pg_catalog.pg_attribute as word
            on word.attrelid = type.attrelid
            and word.attname in ('kind', 'room_type')
        left join pg_catalog.pg_attrdef as word_default
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
        perform chat_quarantine.change(
            'public.chat_rooms',
            pg_catalog.format(
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
            ('chat_rooms', 'id', 'uuid', 'pg_catalog.gen_random_uuid()', '{room_id}'),
            ('chat_rooms', 'type', 'text', '''group''', '{kind,room_type}'),
            ('chat_rooms', 'title', 'text', null, '{name,room_name,group_name}'),
            ('chat_rooms', 'created_by', 'uuid', null, '{creator_id,creator,owner_id}'),
            ('chat_rooms', 'created_at', 'timestamptz', 'pg_catalog.now()', '{inserted_at}'),
            ('chat_rooms', 'updated_at', 'timestamptz', 'pg_catalog.now()', '{}'),
            ('chat_room_members', 'room_id', 'uuid', null, '{conversation_id,chat_id,chat_room_id}'),
            ('chat_room_members', 'user_id', 'uuid', null, '{participant_id,profile_id,member_id,user}'),
            ('chat_room_members', 'role', 'text', '''member''', '{member_role}'),
            ('chat_room_members', 'status', 'text', '''pending''', '{state,member_status,membership_status}'),
            ('chat_room_members', 'invited_by', 'uuid', null, '{}'),
            ('chat_room_members', 'created_at', 'timestamptz', 'pg_catalog.now()', '{joined_at,inserted_at}'),
            ('room_members', 'room_id', 'uuid', null, '{conversation_id,chat_id,chat_room_id}'),
            ('room_members', 'user_id', 'uuid', null, '{participant_id,profile_id,member_id,user}'),
            ('room_members', 'created_at', 'timestamptz', 'pg_catalog.now()', '{joined_at,inserted_at}'),
            ('chat_messages', 'room_id', 'uuid', null, '{conversation_id,chat_id,chat_room_id,thread_id,channel_id}'),
            ('chat_messages', 'sender', 'uuid', null, '{sender_id,author_id,user_id,from_user_id,from_user,from_id,from,sent_by,author,profile_id,created_by}'),
            ('chat_messages', 'content', 'text', null, '{message,body,text,message_text}'),
            ('chat_messages', 'created_at', 'timestamptz', 'pg_catalog.now()', '{sent_at,inserted_at,timestamp}'),
            ('chat_messages', 'updated_at', 'timestamptz', 'pg_catalog.now()', '{}')
        ) as target (table_name, column_name, type, value, older_names)
    loop
        changes := changes || chat_quarantine.shape_column(
            pg_catalog.format('public.%I', wanted.table_name)::pg_catalog.regclass,
            wanted.column_name,
            wanted.type::pg_catalog.regtype,
            wanted.value,
            wanted.older_names::name[]
        );
    end loop;

    -- What joins two of them fits again, now that both have their type.
    perform chat_quarantine.remake_waiting(changes);
end
$$;

-- Other columns of these tables stay, and may stay empty; a room of the first generation may have no creator,
-- a conversation no title.
do $$
begin
    perform chat_quarantine.free_other_columns('public.chat_rooms', '{id,type}', '{title,created_by}');
    perform chat_quarantine.free_other_columns('public.chat_room_members', '{room_id,user_id,role,status}');
    perform chat_quarantine.free_other_columns('public.room_members', '{room_id,user_id}');
    perform chat_quarantine.free_other_columns('public.chat_messages', '{id,room_id,sender,content}');
end
$$;
