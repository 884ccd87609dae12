--! Title: Grants and realtime
--! Needs: 01
--! Remains: privileges on the four tables and their sequences; chat_messages in the realtime publication

-- Some projects grant everything in public to the API's roles by themselves, others nothing: here it is said either way.

-- What is in a schema can be reached only by who may look into it.
do $$
begin
    if not pg_catalog.has_schema_privilege('authenticated', 'public', 'usage')
        or not pg_catalog.has_schema_privilege('service_role', 'public', 'usage')
    then
        grant usage on schema public to authenticated, service_role;
    end if;
end
$$;

-- A browser without a session has no business in the chat. Column privileges go with the table's.
do $$
begin
    perform schema_fix.revoke_grants('public.chat_rooms'::regclass);
    perform schema_fix.revoke_grants('public.chat_room_members'::regclass);
    perform schema_fix.revoke_grants('public.room_members'::regclass);
    perform schema_fix.revoke_grants('public.chat_messages'::regclass);
end
$$;
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

-- Numbered ids: whoever inserts takes the next number. A sequence of ours is read or set back by nobody else.
do $$
declare
    numbering record;
begin
    for numbering in
        select
            sequence.oid::pg_catalog.regclass as name,
            pg_catalog.bool_or(link.deptype in ('a', 'i') and link.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
                as is_ours,
            pg_catalog.bool_or(link.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass) as is_default
        from pg_catalog.unnest(
            array[
                'public.chat_rooms', 'public.chat_room_members', 'public.room_members', 'public.chat_messages'
            ]::pg_catalog.regclass[]
        ) as target (relation)
        -- Sequences that belong to a column of the table, and sequences that a default of it draws from.
        cross join lateral (
            select owned.objid as sequence, owned.deptype, owned.classid
            from pg_catalog.pg_depend as owned
            where owned.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                and owned.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                and owned.refobjid = target.relation
                and owned.refobjsubid > 0
            union all
            select used.refobjid, used.deptype, used.classid
            from pg_catalog.pg_attrdef as attribute_default
            join pg_catalog.pg_depend as used
                on used.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and used.objid = attribute_default.oid
            where attribute_default.adrelid = target.relation
                and used.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        ) as link
        join pg_catalog.pg_class as sequence on sequence.oid = link.sequence and sequence.relkind = 'S'
        group by sequence.oid
        order by sequence.oid
    loop
        if numbering.is_ours then
            perform schema_fix.revoke_grants(numbering.name);
            execute pg_catalog.format('revoke all on sequence %s from public, anon', numbering.name);
            execute pg_catalog.format('revoke select, update on sequence %s from authenticated', numbering.name);
        end if;
        if numbering.is_default then
            execute pg_catalog.format('grant usage on sequence %s to authenticated, service_role', numbering.name);
        end if;
    end loop;
end
$$;

-- A table that replicas knew by an index that had to go is known by its key henceforth.
do $$
declare
    nameless pg_catalog.regclass;
begin
    for nameless in
        select relation.oid
        from pg_catalog.pg_class as relation
        where relation.relreplident = 'i'
            and schema_fix.is_ours(relation.oid)
            and not exists (
                select
                from pg_catalog.pg_index
                where indrelid = relation.oid
                    and indisreplident
            )
    loop
        execute pg_catalog.format('alter table %s replica identity default', nameless);
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
