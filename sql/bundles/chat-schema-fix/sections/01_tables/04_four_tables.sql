--! Title: The four tables
--! Remains: the four tables: chat_rooms (groups and direct conversations), chat_room_members (of groups), room_members (the two people of a direct conversation), chat_messages

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
    -- Nullable because an account may be deleted; a trigger of section 02 refuses a new message without one.
    sender uuid,
    content text not null,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
