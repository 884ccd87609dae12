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

-- What was passed on goes with the right to pass it on.
do $$
begin
    perform schema_fix.revoke_grants('public.chat_rooms'::regclass);
    perform schema_fix.revoke_grants('public.chat_room_members'::regclass);
    perform schema_fix.revoke_grants('public.room_members'::regclass);
    perform schema_fix.revoke_grants('public.chat_messages'::regclass);
end
$$;

-- Whoever is signed in adds rows, but sets no id and no time, and no older column that names a person: those are the server's, or would say
-- something else than the column that the policies look at. A column that the fix does not know goes on being written. A column
-- that the project adds later needs a grant of its own: `grant insert (name) on … to authenticated`.
do $$
declare
    target record;
begin
    for target in
        select
            relation.oid::regclass as name,
            array_agg(columns.name order by columns.place) filter (where columns.is_open and not columns.is_granted) as missing,
            array_agg(columns.name order by columns.place) filter (where not columns.is_open and columns.is_insertable) as surplus,
            array_agg(columns.name order by columns.place) filter (where columns.is_open) as open,
            has_table_privilege('authenticated', relation.oid, 'insert') as is_whole
        from pg_class as relation
        cross join lateral (
            select
                attribute.attname as name,
                attribute.attnum as place,
                has_column_privilege('authenticated', relation.oid, attribute.attnum, 'insert') as is_insertable,
                exists (
                    select
                    from aclexplode(attribute.attacl) as granted
                    where granted.grantee = 'authenticated'::regrole
                        and granted.privilege_type = 'INSERT'
                ) as is_granted,
                -- mutant: an id is chosen by whoever inserts
                not schema_fix.is_set_by_server(relation.oid, attribute.attnum)
                    and (
                        exists (
                            select
                            from schema_fix.columns as sent
                            where sent.table_name = relation.relname
                                and sent.column_name = attribute.attname
                        )
                        or has_column_privilege('authenticated', relation.oid, attribute.attnum, 'insert')
                        or not has_any_column_privilege('authenticated', relation.oid, 'insert')
                    ) as is_open
            from pg_attribute as attribute
            where attribute.attrelid = relation.oid
                and attribute.attnum > 0
                and not attribute.attisdropped
        ) as columns
        where relation.oid in (
                'public.chat_rooms'::regclass,
                'public.chat_room_members'::regclass,
                'public.room_members'::regclass,
                'public.chat_messages'::regclass
            )
        group by relation.oid
        order by relation.oid::regclass::text
    loop
        -- This takes the privileges on single columns, too.
        if target.is_whole or target.surplus is not null then
            execute format('revoke insert on %s from authenticated cascade', target.name);
            target.missing := target.open;
        end if;
        if target.missing is not null then
            execute format(
                'grant insert (%s) on %s to authenticated',
                (select string_agg(quote_ident(column_name), ', ') from unnest(target.missing) as column_name),
                target.name
            );
        end if;
    end loop;
end
$$;

-- A browser without a session has no business in the chat, and no other role that the API can become: no policy names it. Like
-- everybody who is signed in, such a role may ask and is shown nothing; what no policy speaks of (truncate, references,
-- triggers, and since Postgres 17 maintenance) it may not do.
do $$
declare
    granted record;
begin
    for granted in
        select distinct
            relation.oid::regclass as relation,
            acl.privilege_type || coalesce(' (' || quote_ident(acl.column_name) || ')', '') as privilege,
            acl.grantee::regrole as role
        from pg_class as relation
        cross join lateral (
            select privileges.privilege_type, privileges.grantee, null::name as column_name
            from aclexplode(relation.relacl) as privileges
            union all
            select privileges.privilege_type, privileges.grantee, attribute.attname
            from pg_attribute as attribute
            cross join lateral aclexplode(attribute.attacl) as privileges
            where attribute.attrelid = relation.oid
                and not attribute.attisdropped
        ) as acl
        where relation.oid in (
                'public.chat_rooms'::regclass,
                'public.chat_room_members'::regclass,
                'public.room_members'::regclass,
                'public.chat_messages'::regclass
            )
            and acl.grantee <> relation.relowner
            and schema_fix.is_api_role(acl.grantee)
            -- mutant: another role of the API empties the tables
            and acl.privilege_type not in ('SELECT', 'UPDATE', 'DELETE')
            and acl.grantee <> all (array['anon', 'authenticated']::regrole[]::oid[])
    loop
        execute format('revoke %s on %s from %s', granted.privilege, granted.relation, granted.role);
    end loop;
end
$$;
revoke all
on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
from public, anon;

-- Who is signed in reads, changes and removes what the policies allow.
revoke truncate, references, trigger
on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
from authenticated;
grant select, update, delete
on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
to authenticated;
grant all
on table public.chat_rooms, public.chat_room_members, public.room_members, public.chat_messages
to service_role;
do $$
begin
    if current_setting('server_version_num')::integer >= 170000 then
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
            execute format('revoke all on sequence %s from public, anon', numbering.name);
            execute format('revoke select, update on sequence %s from authenticated', numbering.name);
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
