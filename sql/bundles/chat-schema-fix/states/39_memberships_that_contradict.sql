--! Title: Memberships without a key, repeated, and contradicting one another

-- Which of two rows counts? Who could read goes on reading; who was blocked in one of them is not let in by the other.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid,
    user_id uuid,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, invited_by, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', null, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, 'member', 'approved', null, '2025-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'pending', null, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved', md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending', null, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending', null, '2025-01-03 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'admin', 'pending', null, '2025-01-03 00:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'pending', null, '2025-01-04 00:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'blocked', md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('eve')::uuid, 'member', 'blocked', null, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('eve')::uuid, 'member', 'blocked', null, '2025-01-01 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'who is in?', '2025-01-05 01:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'I am', '2025-01-05 02:00:00+00');
