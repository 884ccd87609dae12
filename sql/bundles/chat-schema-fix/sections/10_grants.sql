--! Title: Grants and realtime
--! Needs: 01
--! Remains: privileges on the four tables and their sequences; chat_messages in the realtime publication

-- Grants the API's roles what they need on the four tables, and revokes the rest: some projects grant them everything in public by
-- default, others nothing. Adds the messages to the realtime publication.

-- Without usage on the schema a privilege on its tables has no effect.
do $$
begin
    if not has_schema_privilege('authenticated', 'public', 'usage') or not has_schema_privilege('service_role', 'public', 'usage') then
        grant usage on schema public to authenticated, service_role;
    end if;
end
$$;

-- Revokes everything from anon, except that it may go on asking for rows, of which no policy shows it any, where a policy, view, function or
-- trigger of others reads the table on behalf of visitors: else a public page would show them an error. Revokes from authenticated, and from
-- any other role that the API can become, what no policy governs: truncate, references, trigger and, since Postgres 17, maintain.
-- mutant: visitors keep their privileges
-- mutant: authenticated may truncate
select schema_fix.revoke_privileges_except(
    '{public.chat_rooms,public.chat_room_members,public.room_members,public.chat_messages}', '{SELECT,INSERT,UPDATE,DELETE}'
);

-- A user reads, updates and deletes what the policies allow. No policy allows to update or delete a room or a message, yet the privilege is
-- granted: the statement then affects no row, while without the privilege it would fail, and with it every message for which a trigger of
-- the project updates the room.
-- mutant: nothing is granted where the platform grants nothing
grant select, update, delete
on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
to authenticated;
grant all
on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
to service_role;

-- A user inserts rows, but writes no id and no time, which the server sets, and no older column that names a person, which could contradict
-- the one that the policies check. A column that is added later needs its own grant:
-- `grant insert (name) on … to authenticated`.
select schema_fix.grant_insert('{public.chat_rooms,public.chat_room_members,public.room_members,public.chat_messages}');

-- Ids from a sequence: whoever inserts needs usage to take the next number. Nobody may read or set a sequence that one of the tables owns.
do $$
declare
    numbering record;
begin
    for numbering in
        select name, bool_or(is_owned) as is_owned, bool_or(is_default) as is_default
        from schema_fix.sequences
        where schema_fix.is_ours(target)
        group by name
    loop
        if numbering.is_owned then
            -- mutant: authenticated may set the sequence back
            perform schema_fix.revoke_privileges_except(array[numbering.name], '{USAGE}');
        end if;
        if numbering.is_default then
            -- mutant: the sequence behind the ids is not granted
            execute format('grant usage on sequence %s to authenticated, service_role', numbering.name);
        end if;
    end loop;
end
$$;

-- A table whose replica identity was an index that had to be dropped is identified by its primary key.
do $$
declare
    target regclass;
begin
    for target in
        select oid
        from pg_class
        where relreplident = 'i'
            and schema_fix.is_ours(oid)
            and not exists (select from pg_index where indrelid = pg_class.oid and indisreplident)
    loop
        execute format('alter table %s replica identity default', target);
    end loop;
end
$$;

-- Realtime reads this publication. One for all tables, or for the schema, includes the messages already.
do $$
begin
    if exists (select from pg_publication where pubname = 'supabase_realtime')
        and not exists (
            select
            from pg_publication_tables
            -- mutant: messages are published a second time
            where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = 'chat_messages'
        )
    then
        -- mutant: messages are not published to realtime
        alter publication supabase_realtime add table public.chat_messages;
        raise notice 'public.chat_messages added to publication supabase_realtime';
    end if;
end
$$;
