--! Title: The unique rule about names is there, and rooms that it forbids have yet to move in
--! Quarantine: 2

-- The historical script once more, its clean-up put first: of two groups of one name the later was deleted from chat_rooms,
-- then the rule was made. The table rooms still knows the later one, and its messages were never keyed to chat_rooms.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text unique,
    title text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null,
    user_id uuid not null,
    role text not null default 'member' check (role in ('admin', 'member')),
    status text not null default 'approved' check (status in ('approved', 'pending', 'blocked')),
    invited_by uuid,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);

insert into public.rooms (id, kind, slug, title, created_by, created_at) values
    (md5('golf, first')::uuid, 'group', 'golf', 'Golf', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('golf, second')::uuid, 'group', 'golf-2', 'Golf', md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('chess, untitled')::uuid, 'group', 'chess-2', 'Chess', md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('chess, nobody''s')::uuid, 'group', 'chess-3', 'Chess', md5('ann')::uuid, '2025-01-04 00:00:00+00');
-- Rows that meet another's name only once their title, creator or type is put in order.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('golf, first')::uuid, 'group', 'Golf', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('chess')::uuid, 'group', 'Chess', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('chess, untitled')::uuid, 'group', null, md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('chess, nobody''s')::uuid, 'group', 'Chess', null, '2025-01-04 00:00:00+00'),
    (md5('golf, a channel')::uuid, 'channel', 'Golf', md5('ann')::uuid, '2025-01-05 00:00:00+00');
create unique index idx_chat_rooms_unique_group on public.chat_rooms (created_by, title) where type = 'group';
-- A second rule says the same for the names as they are read.
create unique index one_name_a_creator on public.chat_rooms (created_by, lower(title)) where type = 'group';

insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('golf, first')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('golf, first')::uuid, md5('ben')::uuid, 'member', 'approved'),
    (md5('golf, second')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('golf, second')::uuid, md5('cara')::uuid, 'member', 'approved'),
    (md5('golf, second')::uuid, md5('ben')::uuid, 'member', 'blocked'),
    (md5('golf, a channel')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('chess')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('chess')::uuid, md5('dan')::uuid, 'member', 'pending'),
    (md5('chess, untitled')::uuid, md5('ben')::uuid, 'admin', 'approved'),
    (md5('chess, nobody''s')::uuid, md5('cara')::uuid, 'member', 'approved');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('golf, first')::uuid, md5('ben')::uuid, 'in the first', '2025-02-01 00:00:00+00'),
    (md5('golf, second')::uuid, md5('cara')::uuid, 'in the second', '2025-02-02 00:00:00+00'),
    (md5('golf, a channel')::uuid, md5('ann')::uuid, 'in the channel', '2025-02-03 00:00:00+00'),
    (md5('chess')::uuid, md5('ann')::uuid, 'check', '2025-02-04 00:00:00+00'),
    (md5('chess, untitled')::uuid, md5('ben')::uuid, 'mate', '2025-02-05 00:00:00+00'),
    (md5('chess, nobody''s')::uuid, md5('cara')::uuid, 'stalemate', '2025-02-06 00:00:00+00'),
    (md5('nowhere')::uuid, md5('ann')::uuid, 'in no room', '2025-02-07 00:00:00+00');
