--! Title: Data clean-up
--! Needs: 02, 05

-- Every member in the table where the helpers look for him, with a role and a status that the application knows, and no
-- open door in the tables of the first generation, which stay. Nobody reads more than before, and nobody less.

-- Statuses and roles outside the allowed set: an unknown status waits, an unknown role is a member's, except the creator's.
do $$
begin
    perform schema_fix.drop_other_checks('public.chat_room_members', 'status', '{approved,pending,blocked}');
    perform schema_fix.drop_other_checks('public.chat_room_members', 'role', '{admin,member}');

    if exists (
        select
        from public.chat_room_members
        where status is null
            or status not in ('approved', 'pending', 'blocked')
            or role is null
            or role not in ('admin', 'member')
    ) then
        raise notice 'public.chat_room_members: % roles or statuses put in order', schema_fix.run_without_triggers(
            'public.chat_room_members',
            'update public.chat_room_members as member
            set
                -- mutant: the clean-up approves everybody who waits
                status = schema_fix.member_status(member.status),
                role = case
                    when member.role in (''admin'', ''member'') then member.role
                    when exists (
                        select
                        from public.chat_rooms as room
                        where room.id = member.room_id
                            and room.created_by = member.user_id
                    -- mutant: an unknown role counts as admin
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
    if not schema_fix.is_required('public.chat_room_members', 'status') then
        alter table public.chat_room_members alter column status set not null;
    end if;
    if not schema_fix.is_required('public.chat_room_members', 'role') then
        alter table public.chat_room_members alter column role set not null;
    end if;
    if not schema_fix.drop_other_checks('public.chat_room_members', 'status', '{approved,pending,blocked}') then
        alter table public.chat_room_members add check (status in ('approved', 'pending', 'blocked'));
    end if;
    if not schema_fix.drop_other_checks('public.chat_room_members', 'role', '{admin,member}') then
        alter table public.chat_room_members add check (role in ('admin', 'member'));
    end if;
    perform schema_fix.ensure_default('public.chat_room_members', 'status', 'pending', '{approved,pending,blocked}');
    perform schema_fix.ensure_default('public.chat_room_members', 'role', 'member', '{admin,member}');
end
$$;

-- The first generation's participants, once, and those of rooms that came late; a copy of those who are in no room, or nobody, goes into quarantine.
do $$
declare
    legacy constant regclass := schema_fix.table_called('public.conversation_participants');
    late_rooms constant uuid[] := coalesce(nullif(current_setting('chat_schema_fix.late_rooms', true), ''), '{}');
    is_read constant boolean := exists (
        select from chat_quarantine.imported where source_table = 'public.conversation_participants'
    );
    people text;
    admitted bigint;
begin
    if legacy is null or is_read and late_rooms = '{}' then
        return;
    end if;

    people := format(
        'select
            %s as room_id,
            %s as user_id,
            case when %s = ''admin'' then ''admin'' else ''member'' end as role,
            %s as status,
            %s as created_at,
            to_jsonb(legacy) as complete
        from %s as legacy',
        schema_fix.first_id_of(legacy, '{room_id,conversation_id,chat_id,chat_room_id}', 'room_uuid'),
        schema_fix.first_id_of(legacy, '{user_id,participant_id,profile_id,member_id,user}', 'user_uuid'),
        schema_fix.first_of(legacy, '{role,member_role}'),
        schema_fix.status_of(legacy),
        schema_fix.first_time_of(legacy, '{created_at,joined_at,inserted_at}'),
        legacy
    );
    if is_read then
        people := format('select * from (%s) as person where person.room_id = any (%L::uuid[])', people, late_rooms);
    end if;
    -- mutant: participants of the first generation are not let in
    admitted := schema_fix.add_members(people);
    execute format(
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
    -- mutant: participants are imported again by every run
    insert into chat_quarantine.imported (source_table) values ('public.conversation_participants') on conflict do nothing;
    raise notice 'public.conversation_participants: % memberships moved', admitted;
end
$$;

-- Who waits or is blocked in a direct conversation is not one of its people: his membership moves to where it gives no right,
-- once.
do $$
declare
    word constant name := (schema_fix.columns_called('public.room_members', '{status,state,member_status,membership_status}'))[1];
begin
    if word is null or exists (select from chat_quarantine.imported where source_table = 'public.room_members who wait') then
        return;
    end if;
    perform schema_fix.add_members(
        format(
            'select
                legacy.room_id,
                legacy.user_id,
                ''member'' as role,
                schema_fix.member_status(legacy.%1$I::text) as status,
                legacy.created_at
            from public.room_members as legacy
            join public.chat_rooms as its_room
                on its_room.id = legacy.room_id
                and its_room.type = ''dm''
            where schema_fix.is_kept_out(legacy.%1$I::text)',
            word
        )
    );
    perform schema_fix.quarantine(
        'public.room_members',
        format(
            'schema_fix.is_kept_out(stray.%I::text) and exists (
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
                -- mutant: pending and blocked members of a direct conversation are moved to its people
                'stray.status = ''approved'''
            )
        ) as membership (source, room_type, condition)
    loop
        is_held := exists (
            select from pg_constraint where contype = 'f' and confrelid = misplaced.source::regclass
        );
        if is_held and exists (
            select from chat_quarantine.imported where source_table = misplaced.source || ' of ' || misplaced.room_type
        ) then
            continue;
        end if;

        moved := schema_fix.add_members(
            format(
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
                -- mutant: members in the table of the other type of room are dropped
                where %3$s',
                misplaced.source,
                misplaced.room_type,
                misplaced.condition,
                schema_fix.first_of(misplaced.source, '{role,member_role}'),
                schema_fix.status_of(misplaced.source)
            )
        );
        if is_held then
            insert into chat_quarantine.imported (source_table)
            values (misplaced.source || ' of ' || misplaced.room_type);
        else
            perform schema_fix.run_without_triggers(
                misplaced.source,
                format(
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
            perform schema_fix.quarantine(
                misplaced.source,
                format(
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
    legacy constant regclass := schema_fix.table_called('public.rooms');
begin
    if exists (select from chat_quarantine.imported where source_table = 'creators') then
        return;
    end if;

    added := schema_fix.run_without_triggers(
        'public.chat_room_members',
        format(
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
            -- mutant: a creator who is blocked becomes admin again
            on conflict (room_id, user_id) do update set role = ''admin'' where member.status = ''approved''',
            schema_fix.time_or_now('public.chat_room_members', 'created_at', 'person.created_at'),
            schema_fix.passes_foreign_keys('public.chat_room_members', 'user_id', 'person.user_id')
        )
    ) + schema_fix.run_without_triggers(
        'public.room_members',
        format(
            'insert into public.room_members (room_id, user_id, created_at)
            select person.room_id, person.user_id, %s
            from (
                select room.id as room_id, room.created_by as user_id, room.created_at
                from public.chat_rooms as room
                where room.type = ''dm''
                    and room.created_by is not null
                    and (select count(*) from public.room_members as member where member.room_id = room.id) < 2
                    and not exists (
                        select
                        from public.chat_room_members as waiting
                        where waiting.room_id = room.id
                            and waiting.user_id = room.created_by
                    )
            ) as person
            where %s
            on conflict (room_id, user_id) do nothing',
            schema_fix.time_or_now('public.room_members', 'created_at', 'person.created_at'),
            schema_fix.passes_foreign_keys('public.room_members', 'user_id', 'person.user_id')
        )
    );
    -- The first generation knew a pair's conversation by its slug, and let both in whenever either opened it. Where they are not
    -- both in it now, the slug is kept as the title, by which ensure_direct_conversation finds it.
    if legacy is not null and schema_fix.has_column(legacy, 'slug') and schema_fix.has_column(legacy, 'id') then
        perform schema_fix.update_rooms(
            format(
                'update public.chat_rooms as room
                set title = lower(legacy.slug::text)
                from %s as legacy
                where %s = room.id
                    and legacy.slug::text ~* ''^dm(:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){2}$''
                    and room.type = ''dm''
                    and room.title is null
                    and (select count(*) from public.room_members as member where member.room_id = room.id) < 2',
                legacy,
                schema_fix.first_id_of(legacy, '{id}', 'room_uuid')
            )
        );
    end if;
    insert into chat_quarantine.imported (source_table) values ('creators');
    if added > 0 then
        raise notice '% rooms got their creator back', added;
    end if;
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
        from pg_class as relation
        where relation.relnamespace = 'public'::regnamespace
            and relation.relname in ('rooms', 'conversation_participants')
            and relation.relkind = 'r'
    loop
        -- mutant: the tables left behind stay open
        -- mutant: rooms answers the application no more
        perform schema_fix.revoke_privileges_except(legacy.name, '{SELECT,INSERT,UPDATE,DELETE}');

        select
            case
                when attribute.atttypid = 'uuid'::regtype then quote_ident(attribute.attname)
                else format(
                    'case when %1$I::text ~* ''^([0-9a-f]{4}-?){7}[0-9a-f]{4}$'' then %1$I::text::uuid'
                        ' else md5(''chat room '' || %1$I::text)::uuid end',
                    attribute.attname
                )
            end
        into room_id
        from pg_attribute as attribute
        where attribute.attrelid = legacy.name
            and attribute.attname in ('id', 'room_id', 'conversation_id')
            and not attribute.attisdropped
        order by
            attribute.attname = case legacy.relname when 'rooms' then 'id' else 'room_id' end desc,
            attribute.attname = 'conversation_id' desc
        limit 1;
        condition := format('public.user_is_in_room(%s)', room_id);

        perform schema_fix.ensure_policy(
            legacy.name, 'chat_schema_fix_' || rule.name, rule.command, rule.call, format(rule.definition, condition)
        )
        from (values
            ('people_of_the_room', 'r'::"char", 'user_is_in_room(', 'permissive for select to authenticated using (%s)'),
            -- mutant: the tables left behind are read by everybody
            ('nobody_else', 'r', 'user_is_in_room(', 'restrictive for select to anon, authenticated using (%s)'),
            -- mutant: somebody lets himself in by a table left behind
            ('nobody_adds', 'a', 'false', 'restrictive for insert to anon, authenticated with check (false)'),
            ('nobody_changes', 'w', 'false', 'restrictive for update to anon, authenticated using (false)'),
            ('nobody_removes', 'd', 'false', 'restrictive for delete to anon, authenticated using (false)')
        ) as rule (name, command, call, definition);
        if not legacy.has_policies then
            for reader in
                select distinct grants.grantee::regrole::text as name
                from pg_class as relation
                cross join lateral aclexplode(relation.relacl) as grants
                join pg_roles as role
                    on role.oid = grants.grantee
                where relation.oid = legacy.name
                    and grants.grantee <> legacy.owner
                    and not role.rolbypassrls
                    and not role.rolsuper
                    and role.rolname not in ('anon', 'authenticated')
            loop
                execute format(
                    'create policy %I on %s for all to %s using (true) with check (true)',
                    left('chat_schema_fix_as_before_' || reader.name, 63), legacy.name, reader.name
                );
            end loop;
            execute format('alter table %s enable row level security', legacy.name);
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
            rtrim(pg_get_viewdef(relation.oid), ';') as definition,
            exists (
                select
                from pg_rewrite as rule
                join pg_depend as dependency
                    on dependency.classid = 'pg_rewrite'::regclass
                    and dependency.objid = rule.oid
                    and dependency.refclassid = 'pg_class'::regclass
                join pg_class as source
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
        from pg_class as relation
        where relation.relnamespace = 'public'::regnamespace
            and relation.relname in ('rooms', 'conversation_participants', 'chat_rooms_legacy_view')
            and relation.relkind = 'v'
    loop
        perform schema_fix.revoke_privileges_except(legacy.name, '{SELECT}');
        continue when legacy.asks_its_reader or strpos(legacy.definition, 'room_of_the_reader') > 0;
        -- mutant: a view left behind is forbidden to its readers, because it reads more than chats
        if (legacy.reads_more or current_setting('server_version_num')::integer < 150000)
            and (schema_fix.has_column(legacy.name, 'id') or schema_fix.has_column(legacy.name, 'room_id'))
        then
            -- What user_is_in_room asks; the helper itself would take the view along when it is dropped in a rollback.
            execute format(
                'create or replace view %1$s with (security_barrier) as
                select legacy.*
                from (%2$s) as legacy
                -- mutant: a view left behind that reads more than chats answers everybody
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
                case when schema_fix.has_column(legacy.name, 'room_id') then 'room_id' else 'id' end
            );
        elsif current_setting('server_version_num')::integer >= 150000 then
            -- mutant: a view left behind reads past the policies
            execute format('alter view %s set (security_invoker = true)', legacy.name);
        end if;
    end loop;
end
$$;
