--! Title: Grants and realtime
--! Needs: 01

-- Some projects grant everything in public to the API's roles by themselves, others nothing: here it is said either way.

-- A browser without a session has no business in the chat. Column privileges go with the table's.
revoke all
on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
from public, anon;

-- Who is signed in reads and writes what the policies allow; no policy speaks of truncate, references and triggers.
revoke truncate, references, trigger
on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
from authenticated;
grant select, insert, update, delete
on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
to authenticated;
grant all
on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
to service_role;

-- Since Postgres 17 there is one more privilege that no policy speaks of.
do $$
begin
    if pg_catalog.current_setting('server_version_num')::integer >= 170000 then
        revoke maintain
        on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
        from authenticated;
    end if;
end
$$;

-- Numbered ids: whoever inserts takes the next number. Nobody sets it back, and a sequence of ours is nobody else's.
do $$
declare
    numbering record;
begin
    for numbering in
        select distinct
            sequence.oid::pg_catalog.regclass as name,
            exists (
                select
                from pg_catalog.pg_depend as owned
                where owned.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and owned.objid = sequence.oid
                    and owned.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and owned.refobjid = attribute_default.adrelid
                    and owned.deptype = 'a'
            ) as is_ours
        from pg_catalog.pg_attrdef as attribute_default
        join pg_catalog.pg_depend as used
            on used.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
            and used.objid = attribute_default.oid
            and used.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        join pg_catalog.pg_class as sequence on sequence.oid = used.refobjid and sequence.relkind = 'S'
        where attribute_default.adrelid in (
            'public.chat_rooms'::pg_catalog.regclass,
            'public.chat_room_members'::pg_catalog.regclass,
            'public.room_members'::pg_catalog.regclass,
            'public.chat_messages'::pg_catalog.regclass
        )
    loop
        if numbering.is_ours then
            execute pg_catalog.format('revoke all on sequence %s from public, anon', numbering.name);
            execute pg_catalog.format('revoke update on sequence %s from authenticated', numbering.name);
        end if;
        execute pg_catalog.format('grant usage on sequence %s to authenticated, service_role', numbering.name);
    end loop;
end
$$;

-- Realtime hears of new messages through its publication. One for all tables, or for the schema, has them already.
do $$
begin
    if exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime')
        and not exists (
            select
            from pg_catalog.pg_publication_tables
            where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = 'chat_messages'
        )
    then
        alter publication supabase_realtime add table public.chat_messages;
        raise notice 'realtime publishes public.chat_messages now';
    end if;
end
$$;
