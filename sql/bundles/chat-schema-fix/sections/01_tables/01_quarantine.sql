--! Title: Where rows go that fit nowhere

-- Where rows go that fit nowhere (complete, with the reason), and a note of which legacy tables were read already:
-- reading one twice would bring back everybody who has left in between.
do $$
begin
    if pg_catalog.to_regnamespace('chat_quarantine') is null then
        create schema chat_quarantine;
    end if;

    if pg_catalog.to_regclass('chat_quarantine.rows') is null then
        create table chat_quarantine.rows (
            id bigint generated always as identity primary key,
            source_table text not null,
            reason text not null,
            row_data jsonb not null,
            quarantined_at timestamptz not null default pg_catalog.now()
        );
    end if;

    if pg_catalog.to_regclass('chat_quarantine.imported') is null then
        create table chat_quarantine.imported (
            source_table text primary key,
            imported_at timestamptz not null default pg_catalog.now()
        );
        -- Whoever took the notes of an earlier run away did not undo what they said: its guard is still there.
        insert into chat_quarantine.imported (source_table)
        select note
        from unnest(array[
            'public.rooms', 'public.conversation_participants', 'creators',
            'public.room_members of group', 'public.chat_room_members of dm', 'names of groups'
        ]) as note
        where exists (
            select
            from pg_catalog.pg_trigger
            where tgrelid = pg_catalog.to_regclass('public.chat_room_members') and tgname = 'chat_room_members_guard'
        );
    end if;
end
$$;

-- Nobody but the owner, whatever the default privileges of this database are. Only where somebody may: even a revoke that
-- takes nothing is written down, and a restored database would not be as it was.
do $$
begin
    if exists (
        select
        from (
            select nspacl from pg_catalog.pg_namespace where nspname = 'chat_quarantine'
            union all
            select relacl from pg_catalog.pg_class where relnamespace = 'chat_quarantine'::regnamespace
            union all
            select attribute.attacl
            from pg_catalog.pg_attribute as attribute
            join pg_catalog.pg_class as relation
                on relation.oid = attribute.attrelid
            where relation.relnamespace = 'chat_quarantine'::regnamespace
        ) as object (privileges)
        cross join lateral pg_catalog.aclexplode(object.privileges) as granted
        where granted.grantee in (0, 'anon'::regrole, 'authenticated'::regrole, 'service_role'::regrole)
    ) then
        revoke all on schema chat_quarantine from public, anon, authenticated, service_role;
        revoke all on all tables in schema chat_quarantine from public, anon, authenticated, service_role;
        revoke all on all sequences in schema chat_quarantine from public, anon, authenticated, service_role;
    end if;
end
$$;

-- Deferred constraints speak at once: an alter table refuses to run while one of them has something left to say.
set constraints all immediate;

-- Times written without a zone were written in UTC; said so, their type changes without rewriting the table.
set local timezone to 'UTC';

-- Tool: take back what was passed on to the API's roles, or by them: its owner cannot revoke what somebody else granted.
create or replace function chat_quarantine.take_back(kind text, object text, owner oid, privileges aclitem[]) returns void
language plpgsql
set search_path = ''
as $$
declare
    granting regrole;
begin
    for granting in
        select distinct granted.grantor
        from pg_catalog.aclexplode(nullif(privileges, '{}')) as granted
        where granted.grantor <> owner
            and (granted.grantee = 0 or array[granted.grantee, granted.grantor] && array['anon', 'authenticated']::regrole[]::oid[])
    loop
        execute pg_catalog.format('revoke grant option for all on %s %s from %s cascade', kind, object, granting);
    end loop;
end
$$;

-- Tool: the same for a table and its columns, or a sequence.
create or replace function chat_quarantine.take_back(relation regclass) returns void
language sql
set search_path = ''
as $$
    select chat_quarantine.take_back(
        case relkind when 'S' then 'sequence' else 'table' end,
        relation::text,
        relowner,
        relacl || array(
            select pg_catalog.unnest(attacl)
            from pg_catalog.pg_attribute
            where attrelid = relation
        )
    )
    from pg_catalog.pg_class
    where oid = relation
$$;

-- Tool: the same for a function.
create or replace function chat_quarantine.take_back(routine regprocedure) returns void
language sql
set search_path = ''
as $$
    select chat_quarantine.take_back('function', routine::text, proowner, proacl)
    from pg_catalog.pg_proc
    where oid = routine
$$;
