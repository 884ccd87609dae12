--! Title: Views under the names of the first generation
--! Remains: views named like tables of the first generation show only rooms that their reader is in

-- A view under one of these names reads with its owner's privileges and bypasses every policy: it becomes security_invoker. One that
-- reads other tables as well (profiles, auth.users) would then fail for its readers, or hide rooms from them, and Postgres 14 has no
-- such option: there the view itself checks whether its reader is in the room.
do $$
declare
    legacy record;
begin
    for legacy in
        select
            relation.oid::regclass as name,
            not schema_fix.reads_for_its_owner(relation.oid) as asks_its_reader,
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
                        and source.relname in (select table_name from schema_fix.tables)
                    )
            ) as reads_more
        from pg_class as relation
        where relation.relnamespace = 'public'::regnamespace
            and relation.relname in ('rooms', 'conversation_participants', 'chat_rooms_legacy_view')
            and relation.relkind = 'v'
            and schema_fix.reads_the_chat(relation.oid)
    loop
        perform schema_fix.revoke_privileges_except(array[legacy.name], '{SELECT}');
        continue when legacy.asks_its_reader or strpos(legacy.definition, 'chat_access.my_rooms') > 0;
        -- mutant: a view left behind is forbidden to its readers, because it reads more than chats
        if (legacy.reads_more or current_setting('server_version_num')::integer < 150000)
            and (schema_fix.has_column(legacy.name, 'id') or schema_fix.has_column(legacy.name, 'room_id'))
        then
            -- The condition of the policies, for the API's roles. It does not call user_is_in_room(), on which the view would then depend: a
            -- rollback drops that function.
            execute format(
                'create or replace view %1$s with (security_barrier) as
                select legacy.*
                from (%2$s) as legacy
                -- mutant: a view left behind that reads more than chats answers everybody
                where current_user <> all (%4$L::name[])
                    or exists (select from chat_access.my_rooms as mine where mine.room_id::text = legacy.%3$I::text)',
                legacy.name,
                legacy.definition,
                case when schema_fix.has_column(legacy.name, 'room_id') then 'room_id' else 'id' end,
                (select array_agg(rolname order by rolname) from pg_roles where schema_fix.is_api_role(oid))
            );
        elsif current_setting('server_version_num')::integer >= 150000 then
            -- mutant: a view left behind reads past the policies
            execute format('alter view %s set (security_invoker = true)', legacy.name);
        end if;
    end loop;
end
$$;
