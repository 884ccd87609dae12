--! Title: The tables of the first generation, read by the people of their rooms
--! Remains: policies on the tables of the first generation

-- The members of a room still read it in rooms and conversation_participants; nobody changes these tables through the API any more. The
-- project's policies stay, and restrictive ones narrow them. authenticated keeps its privileges, because a trigger on messages may update the
-- old room: it must affect no row, not make every message fail.

-- Those of an earlier run are dropped first.
do $$
declare
    former record;
begin
    for former in
        select name, table_id
        from schema_fix.present_policies
        where generation = 'first'
            and name ~ '^chat_schema_fix_(?!as_before_)'
    loop
        execute format('drop policy %I on %s', former.name, former.table_id);
    end loop;
end
$$;

-- A policy that reads its own table, or whose table the other table's policy reads in turn, is an infinite recursion, and every query fails.
-- It is dropped; the policies below let members read instead.
do $$
declare
    recursive record;
begin
    for recursive in
        select own.name, own.table_id
        from schema_fix.present_policies as own
        where own.generation = 'first'
            and own.is_permissive
            and own.command in ('r', '*')
            and (
                schema_fix.reads_table(own.using_expression, own.table_name)
                or exists (
                    select
                    from schema_fix.present_policies as other
                    where other.generation = 'first'
                        and other.table_id <> own.table_id
                        and other.command in ('r', '*')
                        and schema_fix.reads_table(own.using_expression, other.table_name)
                        and schema_fix.reads_table(other.using_expression, own.table_name)
                )
            )
    loop
        -- mutant: a recursive policy stays on a table left behind
        execute format('drop policy %I on %s', recursive.name, recursive.table_id);
        raise notice '%: policy % dropped, an infinite recursion', recursive.table_id, recursive.name;
    end loop;
end
$$;

do $$
declare
    legacy record;
    reader record;
    -- No other role that the API can become is a member of a room.
    others constant text := (
        select string_agg(quote_ident(rolname), ', ' order by rolname)
        from pg_roles
        where schema_fix.is_api_role(oid)
            and rolname not in ('anon', 'authenticated', 'authenticator')
    );
begin
    for legacy in
        select
            present.table_id,
            relation.relrowsecurity as has_policies,
            -- Where no column holds the room, nobody reads the row.
            coalesce(
                format(
                    case
                        when attribute.atttypid = 'uuid'::regtype then '%1$I'
                        else 'case when %1$I::text ~* ''^([0-9a-f]{4}-?){7}[0-9a-f]{4}$'' then %1$I::text::uuid'
                            ' else md5(''chat room '' || %1$I::text)::uuid end'
                    end,
                    attribute.attname
                ),
                'null'
            ) as room_id
        from schema_fix.present_tables as present
        join pg_class as relation
            on relation.oid = present.table_id
        left join pg_attribute as attribute
            on attribute.attrelid = present.table_id
            and attribute.attname = (
                schema_fix.columns_for(present.table_id, case holds when 'rooms' then 'id' else 'room_id' end)
            )[1]
        where generation = 'first'
    loop
        -- mutant: the tables left behind stay open
        -- mutant: rooms answers the application no more
        perform schema_fix.revoke_privileges_except(array[legacy.table_id], '{SELECT,INSERT,UPDATE,DELETE}');

        -- mutant: the tables left behind are read by everybody
        -- mutant: somebody lets himself in by a table left behind
        execute format(
            'create policy chat_schema_fix_people_of_the_room on %1$s
            for select to authenticated
            using (%2$s);
            create policy chat_schema_fix_nobody_else on %1$s
            as restrictive for select to anon, authenticated
            using (%2$s);
            create policy chat_schema_fix_nobody_adds on %1$s
            as restrictive for insert to anon, authenticated
            with check (false);
            create policy chat_schema_fix_nobody_changes on %1$s
            as restrictive for update to anon, authenticated
            using (false);
            create policy chat_schema_fix_nobody_removes on %1$s
            as restrictive for delete to anon, authenticated
            using (false)',
            legacy.table_id,
            -- What user_is_in_room() says, asked once a query: a function would be called for every row, and twice.
            legacy.room_id || ' in ('
                'select mine.room_id from chat_access.my_rooms as mine'
                ' union all '
                'select room.id from public.chat_rooms as room'
                ' where room.created_by = (select auth.uid()) and public.chat_room_is_unused(room.id))'
        );
        if others is not null then
            execute format(
                'create policy chat_schema_fix_no_other_role on %s
                as restrictive for all to %s
                using (false)
                with check (false)',
                legacy.table_id, others
            );
        end if;

        -- Where row level security was off, roles that are not the API's keep their access.
        if not legacy.has_policies then
            for reader in
                select distinct grantee_name as name
                from schema_fix.privileges
                join pg_roles as role
                    on role.oid = grantee
                where relation_id = legacy.table_id
                    and not role.rolbypassrls
                    and not role.rolsuper
                    and not schema_fix.is_api_role(role.oid)
                    and role.rolname not in ('anon', 'authenticated')
                    and column_name is null
            loop
                execute format(
                    'create policy %I on %s for all to %s using (true) with check (true)',
                    left('chat_schema_fix_as_before_' || reader.name, 63), legacy.table_id, reader.name
                );
            end loop;
            execute format('alter table %s enable row level security', legacy.table_id);
        end if;
    end loop;
end
$$;
