--! Title: Columns in camelCase, ids of messages as text that replies and reactions point at, times by CURRENT_TIMESTAMP
--! Quarantine: 1
--! Set: acknowledge=public.chat_messages.id

-- What an object mapper makes: quoted names, no defaults for what it fills in by itself, ids that are no uuids.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    "isGroup" boolean not null default false,
    name text not null,
    "ownerId" uuid not null,
    "createdAt" timestamp(3) not null default current_timestamp
);
create table public.chat_room_members (
    "roomId" uuid not null references public.chat_rooms (id) on delete cascade,
    "userId" uuid not null,
    role text not null default 'owner',
    "Status" text not null default 'waiting',
    "joinedAt" timestamp(3) not null default current_timestamp,
    primary key ("roomId", "userId")
);
create table public.chat_messages (
    id text primary key,
    "roomId" uuid not null references public.chat_rooms (id) on delete cascade,
    "senderId" uuid not null,
    content text not null,
    "replyTo" text references public.chat_messages (id) on delete set null,
    "createdAt" timestamp(3) not null default current_timestamp,
    "updatedAt" timestamp(3) not null
);
create table public.chat_reactions (
    message_id text not null references public.chat_messages (id) on delete cascade,
    user_id uuid not null,
    emoji text not null,
    primary key (message_id, user_id)
);

-- Rooms are made elsewhere.
alter table public.chat_rooms enable row level security;
create policy seen on public.chat_rooms for select using (true);

insert into public.chat_rooms (id, "isGroup", name, "ownerId", "createdAt") values
    (md5('club')::uuid, true, 'Club', md5('ann')::uuid, '2025-01-01 00:00:00'),
    (md5('ann+ben')::uuid, false, '', md5('ann')::uuid, '2025-01-02 00:00:00');
insert into public.chat_room_members ("roomId", "userId", role, "Status", "joinedAt") values
    (md5('club')::uuid, md5('ann')::uuid, 'owner', 'approved', '2025-01-01 00:00:00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'approved', '2025-01-01 00:00:00'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'pending', '2025-01-01 00:00:00'),
    (md5('ann+ben')::uuid, md5('ann')::uuid, '', 'approved', '2025-01-02 00:00:00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-02 00:00:00');
insert into public.chat_messages (id, "roomId", "senderId", content, "replyTo", "createdAt", "updatedAt") values
    ('clx1', md5('club')::uuid, md5('ann')::uuid, 'welcome', null, '2025-01-01 01:00:00', '2025-01-01 01:00:00'),
    ('clx2', md5('club')::uuid, md5('cara')::uuid, 'thanks', 'clx1', '2025-01-01 02:00:00', '2025-01-01 02:30:00'),
    ('clx3', md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', null, '2025-01-02 01:00:00', '2025-01-02 01:00:00');
insert into public.chat_reactions (message_id, user_id, emoji) values
    ('clx2', md5('ann')::uuid, '+'),
    ('clx3', md5('ann')::uuid, '-');
