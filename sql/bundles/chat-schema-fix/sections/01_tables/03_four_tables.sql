--! Title: The four tables
--! Remains: the four tables

-- The views of the prelude would forbid changes of type; they are created again when the columns are in place.
select schema_fix.drop_legacy_views();

-- A view called chat_rooms is dropped, or renamed where something depends on it: the table needs the name.
do $$
declare
    view_id constant oid := to_regclass('public.chat_rooms');
begin
    if (select relkind from pg_class where oid = view_id) = 'v' then
        begin
            drop view public.chat_rooms;
        exception
            -- Views, policies, rules and functions may.
            when dependent_objects_still_exist then
                alter view public.chat_rooms rename to chat_rooms_legacy_view;
        end;
    end if;
end
$$;

-- Without the table nothing can have been read into it, whatever an earlier run noted.
delete from chat_quarantine.imported
where to_regclass('public.chat_rooms') is null
    and source_table <> 'nothing yet';

-- Creates those that are missing. Section 02 adds the keys, once no row violates them.

-- Rooms: groups and direct conversations (dm).
create table if not exists public.chat_rooms (
    id uuid not null default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
-- The members of groups.
create table if not exists public.chat_room_members (
    room_id uuid not null,
    user_id uuid not null,
    role text not null default 'member',
    status text not null default 'pending',
    invited_by uuid,
    created_at timestamptz default now()
);
-- The two people of a direct conversation.
create table if not exists public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    created_at timestamptz default now()
);
create table if not exists public.chat_messages (
    id uuid not null default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
