--! Title: chat_rooms is the view and rooms the table behind it
--! Quarantine: 0

-- The other way round: the new name was introduced as a view, so nothing can point a foreign key at it.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null default 'dm',
    slug text unique,
    title text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create view public.chat_rooms as
select id, kind as type, coalesce(title, slug) as title, created_by, created_at, created_at as updated_at
from public.rooms;
create table public.chat_room_members (
    room_id uuid not null references public.rooms (id) on delete cascade,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);

insert into public.rooms (id, kind, slug, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'club', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('untitled')::uuid, 'group', 'the-untitled', null, md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', null, md5('ben')::uuid, '2025-01-03 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'blocked', '2025-01-01 00:00:00+00'),
    (md5('untitled')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'member', 'approved', '2025-01-03 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-03 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'for the club', '2025-01-01 01:00:00+00'),
    (md5('untitled')::uuid, md5('ann')::uuid, 'no name yet', '2025-01-02 01:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-03 01:00:00+00');
