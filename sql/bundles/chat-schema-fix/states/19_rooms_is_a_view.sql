--! Title: rooms is a view over chat_rooms, through which everybody may look
--! Quarantine: 0

-- The rename was softened by a view under the old name. It runs with its owner's rights, past every policy.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create view public.rooms as
select id, type as kind, lower(title) as slug, title, created_by, created_at from public.chat_rooms;
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint chat_messages_room_id_fkey foreign key (room_id) references public.chat_rooms (id)
);

insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('board')::uuid, 'group', 'Board', md5('ben')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('board')::uuid, md5('ben')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('board')::uuid, md5('cara')::uuid, 'member', 'approved', '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'for the club', '2025-01-01 01:00:00+00'),
    (md5('board')::uuid, md5('cara')::uuid, 'for the board', '2025-01-02 01:00:00+00');
