--! Title: The tables of the first generation, read by the people of their rooms
--! Remains: policies on the tables of the first generation

-- The tables of the first generation keep answering whoever may know: the people of the room. Nobody changes them through
-- the API any more, so that nobody can let himself in there. Their own policies stay; ours narrow them. The privileges stay,
-- too: a trigger on messages that notes something in the old room must find nothing to change, not fail every message.
do $$
declare
    legacy record;
    room_id text;
    condition text;
    reader record;
    -- Another role that the API can become is in no room.
    others constant text := (
        select string_agg(quote_ident(rolname), ', ' order by rolname)
        from pg_roles
        where schema_fix.is_api_role(oid)
            and rolname not in ('anon', 'authenticated', 'authenticator')
    );
begin
    for legacy in
        select relation.oid::regclass as name, relation.relname, relation.relrowsecurity as has_policies, relation.relowner as owner
        from pg_class as relation
        where relation.relnamespace = 'public'::regnamespace
            and relation.relname in (select table_name from schema_fix.tables where generation = 'first')
            and relation.relkind = 'r'
    loop
        -- mutant: the tables left behind stay open
        -- mutant: rooms answers the application no more
        perform schema_fix.revoke_privileges_except(legacy.name, '{SELECT,INSERT,UPDATE,DELETE}');

        -- Where no column says which room a row is about, nobody reads it.
        room_id := coalesce(
            (
                select
                    format(
                        case
                            when atttypid = 'uuid'::regtype then '%1$I'
                            else 'case when %1$I::text ~* ''^([0-9a-f]{4}-?){7}[0-9a-f]{4}$'' then %1$I::text::uuid'
                                ' else md5(''chat room '' || %1$I::text)::uuid end'
                        end,
                        attname
                    )
                from pg_attribute
                where attrelid = legacy.name
                    and attname = (
                        schema_fix.columns_for(legacy.name, case legacy.relname when 'rooms' then 'id' else 'room_id' end)
                    )[1]
            ),
            'null'
        );
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
        if others is not null then
            perform schema_fix.ensure_policy(
                legacy.name, 'chat_schema_fix_no_other_role', '*', 'false',
                format('restrictive for all to %s using (false) with check (false)', others)
            );
        end if;
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
                    and not schema_fix.is_api_role(role.oid)
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
