--! Title: Data clean-up
--! Needs: 02, 05

-- Every member in the table where the helpers look for him, with a role and a status that the application knows, and no
-- open door in the tables of the first generation, which stay. Nobody reads more than before, and nobody less.

-- Statuses and roles outside the allowed set: an unknown status waits, an unknown role is a member's, except the creator's.
do $$
begin
    perform chat_quarantine.drop_other_checks('public.chat_room_members', 'status', '{approved,pending,blocked}');
    perform chat_quarantine.drop_other_checks('public.chat_room_members', 'role', '{admin,member}');

    if exists (
        select
        from public.chat_room_members
        where status is null
            or status not in ('approved', 'pending', 'blocked')
            or role is null
            or role not in ('admin', 'member')
    ) then
        raise notice 'public.chat_room_members: % roles or statuses put in order', chat_quarantine.change(
            'public.chat_room_members',
            'update public.chat_room_members as member
            set
                status = chat_quarantine.member_status(member.status),
                role = case
                    when member.role in (''admin'', ''member'') then member.role
                    when exists (
                        select
                        from public.chat_rooms as room
                        where room.id = member.room_id
                            and room.created_by = member.user_id
                    ) then ''admin''
                    else ''member''
                end
            where member.status is null
                or member.status not in (''approved'', ''pending'', ''blocked'')
                or member.role is null
                or member.role not in (''admin'', ''member'')'
        );
    end if;
end
$$;

-- They stay in the set from now on. Postgres names the rules: the usual names may be taken.
do $$
begin
    if not chat_quarantine.is_required('public.chat_room_members', 'status') then
        alter table public.chat_room_members alter column status set not null;
    end if;
    if not chat_quarantine.is_required('public.chat_room_members', 'role') then
        alter table public.chat_room_members alter column role set not null;
    end if;
    if not chat_quarantine.drop_other_checks('public.chat_room_members', 'status', '{approved,pending,blocked}') then
        alter table public.chat_room_members add check (status in ('approved', 'pending', 'blocked'));
    end if;
    if not chat_quarantine.drop_other_checks('public.chat_room_members', 'role', '{admin,member}') then
        alter table public.chat_room_members add check (role in ('admin', 'member'));
    end if;
    perform chat_quarantine.ensure_default('public.chat_room_members', 'status', 'pending', '{approved,pending,blocked}');
    perform chat_quarantine.ensure_default('public.chat_room_members', 'role', 'member', '{admin,member}');
end
$$;

-- Tool: let people (a query for room_id, user_id, role, status, created_at) into the table that their room's type asks for.
-- Who is there already stays as he is; who only waits or is blocked never becomes a member of a direct conversation.
create or replace function chat_quarantine.admit(people text) returns bigint
language plpgsql
set search_path = ''
as $$
begin
    return chat_quarantine.change(
        'public.chat_room_members',
        pg_catalog.format(
            'insert into public.chat_room_members (room_id, user_id, role, status, created_at)
            select distinct on (person.room_id, person.user_id)
                person.room_id,
                person.user_id,
                case when room.created_by = person.user_id then ''admin'' else person.role end,
                person.status,
                %s
            from (%s) as person
            join public.chat_rooms as room
                on room.id = person.room_id
            where person.user_id is not null
                and (room.type = ''group'' or person.status <> ''approved'')
                and %s
            order by
                person.room_id,
                person.user_id,
                pg_catalog.array_position(array[''blocked'', ''approved'', ''pending''], person.status),
                person.created_at
            on conflict (room_id, user_id) do nothing',
            chat_quarantine.time_or_now('public.chat_room_members', 'created_at', 'person.created_at'),
            people,
            chat_quarantine.is_known('public.chat_room_members', 'user_id', 'person.user_id')
        )
    ) + chat_quarantine.change(
        'public.room_members',
        pg_catalog.format(
            'insert into public.room_members (room_id, user_id, created_at)
            select person.room_id, person.user_id, %s
            from (%s) as person
            join public.chat_rooms as room
                on room.id = person.room_id
            where person.user_id is not null
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
            group by person.room_id, person.user_id
            on conflict (room_id, user_id) do nothing',
            chat_quarantine.time_or_now('public.room_members', 'created_at', 'pg_catalog.min(person.created_at)'),
            people,
            chat_quarantine.is_known('public.room_members', 'user_id', 'person.user_id')
        )
    );
end
$$;

-- The first generation's participants, once, and those of rooms that came late; a copy of those who are in no room, or nobody, goes into quarantine.
do $$
declare
    legacy constant regclass := chat_quarantine.table_called('public.conversation_participants');
    late_rooms constant uuid[] := coalesce(nullif(pg_catalog.current_setting('chat_schema_fix.late_rooms', true), ''), '{}');
    is_read constant boolean := exists (
        select from chat_quarantine.imported where source_table = 'public.conversation_participants'
    );
    people text;
    admitted bigint;
begin
    if legacy is null or is_read and late_rooms = '{}' then
        return;
    end if;

    people := pg_catalog.format(
        'select
            %s as room_id,
            %s as user_id,
            case when %s = ''admin'' then ''admin'' else ''member'' end as role,
            %s as status,
            %s as created_at,
            pg_catalog.to_jsonb(legacy) as complete
        from %s as legacy',
        chat_quarantine.first_id_of(legacy, '{room_id,conversation_id,chat_id,chat_room_id}', 'room_uuid'),
        chat_quarantine.first_id_of(legacy, '{user_id,participant_id,profile_id,member_id,user}', 'user_uuid'),
        chat_quarantine.first_of(legacy, '{role,member_role}'),
        chat_quarantine.status_of(legacy),
        chat_quarantine.first_time_of(legacy, '{created_at,joined_at,inserted_at}'),
        legacy
    );
    if is_read then
        people := pg_catalog.format('select * from (%s) as person where person.room_id = any (%L::uuid[])', people, late_rooms);
    end if;
    admitted := chat_quarantine.admit(people);
    execute pg_catalog.format(
        'insert into chat_quarantine.rows (source_table, reason, row_data)
        select
            ''public.conversation_participants'',
            ''a copy of a membership that fits nowhere: its room or its user does not exist'',
            person.complete
        from (%s) as person
        where not exists (
                select
                from public.chat_room_members as member
                where member.room_id = person.room_id
                    and member.user_id = person.user_id
            )
            and not exists (
                select
                from public.room_members as member
                where member.room_id = person.room_id
                    and member.user_id = person.user_id
            )',
        people
    );
    insert into chat_quarantine.imported (source_table) values ('public.conversation_participants') on conflict do nothing;
    raise notice 'public.conversation_participants: % memberships moved', admitted;
end
$$;

-- Tool: whether a word keeps somebody out. Where everybody was let in, any other word may mean that he is in.
create or replace function chat_quarantine.is_kept_out(written text) returns boolean
language sql
immutable
as $$
    select chat_quarantine.member_status(written) = 'blocked'
        or coalesce(pg_catalog.lower(pg_catalog.btrim(written)) in ('pending', 'invited', 'requested', 'waiting'), false)
$$;

-- Who waits or is blocked in a direct conversation is not one of its people: his membership moves to where it gives no right,
-- once.
do $$
declare
    word constant name := (chat_quarantine.columns_called('public.room_members', '{status,state,member_status,membership_status}'))[1];
begin
    if word is null or exists (select from chat_quarantine.imported where source_table = 'public.room_members who wait') then
        return;
    end if;
    perform chat_quarantine.admit(
        pg_catalog.format(
            'select
                legacy.room_id,
                legacy.user_id,
                ''member'' as role,
                chat_quarantine.member_status(legacy.%1$I::text) as status,
                legacy.created_at
            from public.room_members as legacy
            join public.chat_rooms as its_room
                on its_room.id = legacy.room_id
                and its_room.type = ''dm''
            where chat_quarantine.is_kept_out(legacy.%1$I::text)',
            word
        )
    );
    perform chat_quarantine.set_aside(
        'public.room_members',
        pg_catalog.format(
            'chat_quarantine.is_kept_out(stray.%I::text) and exists (
                select from public.chat_rooms as its_room where its_room.id = stray.room_id and its_room.type = ''dm''
            )',
            word
        ),
        'who waits or is blocked is no member of a direct conversation: his status is in chat_room_members'
    );
    insert into chat_quarantine.imported (source_table) values ('public.room_members who wait');
end
$$;

-- Memberships in the table of the other type of room move. Where rows of other tables hang on memberships they are copied,
-- once, and the originals stay: they give no right there.
do $$
declare
    misplaced record;
    is_held boolean;
    moved bigint;
begin
    for misplaced in
        select *
        from (values
            (
                'public.room_members',
                'group',
                'true'
            ),
            (
                'public.chat_room_members',
                'dm',
                'stray.status = ''approved'''
            )
        ) as membership (source, room_type, condition)
    loop
        is_held := exists (
            select from pg_catalog.pg_constraint where contype = 'f' and confrelid = misplaced.source::regclass
        );
        if is_held and exists (
            select from chat_quarantine.imported where source_table = misplaced.source || ' of ' || misplaced.room_type
        ) then
            continue;
        end if;

        moved := chat_quarantine.admit(
            pg_catalog.format(
                'select
                    stray.room_id,
                    stray.user_id,
                    case when legacy.role = ''admin'' then ''admin'' else ''member'' end as role,
                    legacy.status,
                    stray.created_at
                from %1$s as stray
                join public.chat_rooms as its_room
                    on its_room.id = stray.room_id
                    and its_room.type = %2$L
                cross join lateral (select %4$s as role, %5$s as status from (select stray.*) as legacy) as legacy
                where %3$s',
                misplaced.source,
                misplaced.room_type,
                misplaced.condition,
                chat_quarantine.first_of(misplaced.source, '{role,member_role}'),
                chat_quarantine.status_of(misplaced.source)
            )
        );
        if is_held then
            insert into chat_quarantine.imported (source_table)
            values (misplaced.source || ' of ' || misplaced.room_type);
        else
            perform chat_quarantine.change(
                misplaced.source,
                pg_catalog.format(
                    'delete from %1$s as stray
                    using public.chat_rooms as its_room, %2$s as arrived
                    where its_room.id = stray.room_id
                        and its_room.type = %3$L
                        and arrived.room_id = stray.room_id
                        and arrived.user_id = stray.user_id
                        and %4$s',
                    misplaced.source,
                    case misplaced.room_type when 'dm' then 'public.room_members' else 'public.chat_room_members' end,
                    misplaced.room_type,
                    misplaced.condition
                )
            );
            perform chat_quarantine.set_aside(
                misplaced.source,
                pg_catalog.format(
                    'exists (
                        select from public.chat_rooms as its_room where its_room.id = stray.room_id and its_room.type = %L
                    ) and %s',
                    misplaced.room_type, misplaced.condition
                ),
                'the table for its kind of room knows no such user'
            );
        end if;
        if moved > 0 then
            raise notice '%: % memberships of a % moved', misplaced.source, moved, misplaced.room_type;
        end if;
    end loop;
end
$$;

-- A group without an admin can let nobody in: its creator becomes one, and a direct conversation with less than two people
-- gets its creator back. Once: who leaves later has left. Who is blocked or waiting stays so.
do $$
declare
    added bigint;
    legacy constant regclass := chat_quarantine.table_called('public.rooms');
begin
    if exists (select from chat_quarantine.imported where source_table = 'creators') then
        return;
    end if;

    added := chat_quarantine.change(
        'public.chat_room_members',
        pg_catalog.format(
            'insert into public.chat_room_members as member (room_id, user_id, role, status, created_at)
            select person.room_id, person.user_id, ''admin'', ''approved'', %s
            from (
                select room.id as room_id, room.created_by as user_id, room.created_at
                from public.chat_rooms as room
                where room.type = ''group''
                    and room.created_by is not null
                    and not exists (
                        select
                        from public.chat_room_members as admin
                        where admin.room_id = room.id
                            and admin.role = ''admin''
                            and admin.status = ''approved''
                    )
            ) as person
            where %s
            on conflict (room_id, user_id) do update set role = ''admin'' where member.status = ''approved''',
            chat_quarantine.time_or_now('public.chat_room_members', 'created_at', 'person.created_at'),
            chat_quarantine.is_known('public.chat_room_members', 'user_id', 'person.user_id')
        )
    ) + chat_quarantine.change(
        'public.room_members',
        pg_catalog.format(
            'insert into public.room_members (room_id, user_id, created_at)
            select person.room_id, person.user_id, %s
            from (
                select room.id as room_id, room.created_by as user_id, room.created_at
                from public.chat_rooms as room
                where room.type = ''dm''
                    and room.created_by is not null
                    and (select pg_catalog.count(*) from public.room_members as member where member.room_id = room.id) < 2
                    and not exists (
                        select
                        from public.chat_room_members as waiting
                        where waiting.room_id = room.id
                            and waiting.user_id = room.created_by
                    )
            ) as person
            where %s
            on conflict (room_id, user_id) do nothing',
            chat_quarantine.time_or_now('public.room_members', 'created_at', 'person.created_at'),
            chat_quarantine.is_known('public.room_members', 'user_id', 'person.user_id')
        )
    );
    -- The first generation knew a pair's conversation by its slug, and let both in whenever either opened it. Where they are not
    -- both in it now, the slug is kept as the title, by which ensure_direct_conversation finds it.
    if legacy is not null and chat_quarantine.has_column(legacy, 'slug') and chat_quarantine.has_column(legacy, 'id') then
        perform chat_quarantine.change_rooms(
            pg_catalog.format(
                'update public.chat_rooms as room
                set title = pg_catalog.lower(legacy.slug::text)
                from %s as legacy
                where %s = room.id
                    and legacy.slug::text ~* ''^dm(:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){2}$''
                    and room.type = ''dm''
                    and room.title is null
                    and (select pg_catalog.count(*) from public.room_members as member where member.room_id = room.id) < 2',
                legacy,
                chat_quarantine.first_id_of(legacy, '{id}', 'room_uuid')
            )
        );
    end if;
    insert into chat_quarantine.imported (source_table) values ('creators');
    if added > 0 then
        raise notice '% rooms got their creator back', added;
    end if;
end
$$;

-- Tool: take from the API's roles what they may do with a table or view, but for those of the named privileges that
-- `authenticated` had.
create or replace function chat_quarantine.leave_privileges(target regclass, kept text[]) returns void
language plpgsql
set search_path = ''
as $$
declare
    granted record;
    needed text;
begin
    -- What it had through `public` it needs in its own name.
    foreach needed in array kept loop
        if pg_catalog.has_table_privilege('authenticated', target, needed) and not exists (
            select
            from pg_catalog.pg_class as relation
            cross join lateral pg_catalog.aclexplode(relation.relacl) as grants
            where relation.oid = target
                and grants.grantee = 'authenticated'::regrole
                and grants.grantor = relation.relowner
                and grants.privilege_type = needed
        ) then
            execute pg_catalog.format('grant %s on %s to authenticated', needed, target);
        end if;
    end loop;
    perform chat_quarantine.take_back(target);

    for granted in
        select
            grants.privilege_type as privilege,
            null::name as column_name,
            case when grants.grantee = 0 then 'public' else grants.grantee::regrole::text end as grantee
        from pg_catalog.pg_class as relation
        cross join lateral pg_catalog.aclexplode(relation.relacl) as grants
        where relation.oid = target
            and grants.grantee in (0, 'anon'::regrole, 'authenticated'::regrole)
            and (grants.grantee <> 'authenticated'::regrole or grants.privilege_type <> all (kept))
        union all
        select
            grants.privilege_type,
            attribute.attname,
            case when grants.grantee = 0 then 'public' else grants.grantee::regrole::text end
        from pg_catalog.pg_attribute as attribute
        cross join lateral pg_catalog.aclexplode(attribute.attacl) as grants
        where attribute.attrelid = target
            and grants.grantee in (0, 'anon'::regrole, 'authenticated'::regrole)
            and (grants.grantee <> 'authenticated'::regrole or grants.privilege_type <> all (kept))
    loop
        execute pg_catalog.format(
            'revoke %s%s on %s from %s',
            granted.privilege, ' (' || pg_catalog.quote_ident(granted.column_name) || ')', target, granted.grantee
        );
    end loop;
end
$$;

-- Tool: a policy of ours on a table of the first generation. One that is there is recognised by what its rule calls.
create or replace function chat_quarantine.ensure_policy(
    target regclass, policy_name name, command "char", call text, rule text
) returns void
language plpgsql
set search_path = ''
as $$
begin
    if exists (
        select
        from pg_catalog.pg_policy
        where polrelid = target
            and polname = policy_name
            and polcmd = command
            and pg_catalog.strpos(
                pg_catalog.concat(pg_catalog.pg_get_expr(polqual, polrelid), pg_catalog.pg_get_expr(polwithcheck, polrelid)), call
            ) > 0
    ) then
        return;
    end if;
    execute pg_catalog.format('drop policy if exists %I on %s', policy_name, target);
    execute pg_catalog.format('create policy %I on %s as %s', policy_name, target, rule);
end
$$;

-- The tables of the first generation keep answering whoever may know: the people of the room. Nobody changes them through
-- the API any more, so that nobody can let himself in there. Their own policies stay; ours narrow them. The privileges stay,
-- too: a trigger on messages that notes something in the old room must find nothing to change, not fail every message.
do $$
declare
    legacy record;
    room_id text;
    condition text;
    reader record;
begin
    for legacy in
        select relation.oid::regclass as name, relation.relname, relation.relrowsecurity as has_policies, relation.relowner as owner
        from pg_catalog.pg_class as relation
        where relation.relnamespace = 'public'::regnamespace
            and relation.relname in ('rooms', 'conversation_participants')
            and relation.relkind = 'r'
    loop
        perform chat_quarantine.leave_privileges(legacy.name, '{SELECT,INSERT,UPDATE,DELETE}');

        select
            case
                when attribute.atttypid = 'uuid'::regtype then pg_catalog.quote_ident(attribute.attname)
                else pg_catalog.format(
                    'case when %1$I::text ~* ''^([0-9a-f]{4}-?){7}[0-9a-f]{4}$'' then %1$I::text::uuid'
                        ' else pg_catalog.md5(''chat room '' || %1$I::text)::uuid end',
                    attribute.attname
                )
            end
        into room_id
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = legacy.name
            and attribute.attname in ('id', 'room_id', 'conversation_id')
            and not attribute.attisdropped
        order by
            attribute.attname = case legacy.relname when 'rooms' then 'id' else 'room_id' end desc,
            attribute.attname = 'conversation_id' desc
        limit 1;
        condition := pg_catalog.format('public.user_is_in_room(%s)', room_id);

        perform chat_quarantine.ensure_policy(
            legacy.name, 'chat_schema_fix_' || rule.name, rule.command, rule.call, pg_catalog.format(rule.definition, condition)
        )
        from (values
            ('people_of_the_room', 'r'::"char", 'user_is_in_room(', 'permissive for select to authenticated using (%s)'),
            ('nobody_else', 'r', 'user_is_in_room(', 'restrictive for select to anon, authenticated using (%s)'),
            ('nobody_adds', 'a', 'false', 'restrictive for insert to anon, authenticated with check (false)'),
            ('nobody_changes', 'w', 'false', 'restrictive for update to anon, authenticated using (false)'),
            ('nobody_removes', 'd', 'false', 'restrictive for delete to anon, authenticated using (false)')
        ) as rule (name, command, call, definition);
        if not legacy.has_policies then
            for reader in
                select distinct grants.grantee::regrole::text as name
                from pg_catalog.pg_class as relation
                cross join lateral pg_catalog.aclexplode(relation.relacl) as grants
                join pg_catalog.pg_roles as role
                    on role.oid = grants.grantee
                where relation.oid = legacy.name
                    and grants.grantee <> legacy.owner
                    and not role.rolbypassrls
                    and not role.rolsuper
                    and role.rolname not in ('anon', 'authenticated')
            loop
                execute pg_catalog.format(
                    'create policy %I on %s for all to %s using (true) with check (true)',
                    pg_catalog.left('chat_schema_fix_as_before_' || reader.name, 63), legacy.name, reader.name
                );
            end loop;
            execute pg_catalog.format('alter table %s enable row level security', legacy.name);
        end if;
    end loop;
end
$$;

-- A view under one of their names reads with its owner's rights, past every policy: it reads with its reader's from now on.
-- One that reads more than chats (names from profiles, addresses from auth.users) would be forbidden to its readers, or hide
-- rooms from them, and Postgres 14 cannot do it at all: there the view itself asks who reads.
do $$
declare
    legacy record;
begin
    for legacy in
        select
            relation.oid::regclass as name,
            coalesce(relation.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1']
                as asks_its_reader,
            pg_catalog.rtrim(pg_catalog.pg_get_viewdef(relation.oid), ';') as definition,
            exists (
                select
                from pg_catalog.pg_rewrite as rule
                join pg_catalog.pg_depend as dependency
                    on dependency.classid = 'pg_catalog.pg_rewrite'::regclass
                    and dependency.objid = rule.oid
                    and dependency.refclassid = 'pg_catalog.pg_class'::regclass
                join pg_catalog.pg_class as source
                    on source.oid = dependency.refobjid
                where rule.ev_class = relation.oid
                    and rule.ev_type = '1'
                    and source.oid <> relation.oid
                    and not (
                        source.relnamespace = 'public'::regnamespace
                        and source.relkind = 'r'
                        and source.relname in (
                            'chat_rooms', 'chat_room_members', 'room_members', 'chat_messages', 'rooms',
                            'conversation_participants'
                        )
                    )
            ) as reads_more
        from pg_catalog.pg_class as relation
        where relation.relnamespace = 'public'::regnamespace
            and relation.relname in ('rooms', 'conversation_participants', 'chat_rooms_legacy_view')
            and relation.relkind = 'v'
    loop
        perform chat_quarantine.leave_privileges(legacy.name, '{SELECT}');
        continue when legacy.asks_its_reader or pg_catalog.strpos(legacy.definition, 'room_of_the_reader') > 0;
        if (legacy.reads_more or pg_catalog.current_setting('server_version_num')::integer < 150000)
            and (chat_quarantine.has_column(legacy.name, 'id') or chat_quarantine.has_column(legacy.name, 'room_id'))
        then
            -- What user_is_in_room asks; the helper itself would take the view along when it is dropped in a rollback.
            execute pg_catalog.format(
                'create or replace view %1$s with (security_barrier) as
                select legacy.*
                from (%2$s) as legacy
                where current_user not in (''anon'', ''authenticated'')
                    or exists (
                        select
                        from public.chat_rooms as room_of_the_reader
                        left join public.room_members as person
                            on person.room_id = room_of_the_reader.id
                            and person.user_id = (select auth.uid())
                            and room_of_the_reader.type = ''dm''
                        left join public.chat_room_members as member
                            on member.room_id = room_of_the_reader.id
                            and member.user_id = (select auth.uid())
                        where room_of_the_reader.id::text = legacy.%3$I::text
                            and member.status is distinct from ''blocked''
                            and (
                                person.user_id is not null
                                or member.status = ''approved'' and room_of_the_reader.type = ''group''
                                or room_of_the_reader.created_by = (select auth.uid())
                            )
                    )',
                legacy.name,
                legacy.definition,
                case when chat_quarantine.has_column(legacy.name, 'room_id') then 'room_id' else 'id' end
            );
        elsif pg_catalog.current_setting('server_version_num')::integer >= 150000 then
            execute pg_catalog.format('alter view %s set (security_invoker = true)', legacy.name);
        end if;
    end loop;
end
$$;
