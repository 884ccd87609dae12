--! Title: Direct conversations' members among the groups', groups' members among the others

-- Each helper reads one table only, so these people cannot read what they were let in for, and three must go on waiting.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'dm' check (type in ('dm', 'group')),
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
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
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+cara')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('range')::uuid, 'group', 'Range', md5('ben')::uuid, '2025-01-04 00:00:00+00');

-- A conversation wholly in the groups' table; one in both, with people waiting and blocked at its door.
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('ann+cara')::uuid, md5('dan')::uuid, 'member', 'pending', '2025-01-02 00:00:00+00'),
    (md5('ann+cara')::uuid, md5('eve')::uuid, 'member', 'blocked', '2025-01-02 00:00:00+00'),
    (md5('ann+cara')::uuid, md5('cara')::uuid, 'member', 'approved', '2025-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-03 00:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'pending', '2025-01-03 00:00:00+00'),
    (md5('club')::uuid, md5('eve')::uuid, 'member', 'blocked', '2025-01-03 00:00:00+00');

-- A group wholly in the other table; one in both, where Dan waits and Eve is blocked in the first.
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+cara')::uuid, md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('ann+cara')::uuid, md5('cara')::uuid, '2025-01-02 00:00:01+00'),
    (md5('club')::uuid, md5('ben')::uuid, '2025-01-03 00:00:00+00'),
    (md5('range')::uuid, md5('ben')::uuid, '2025-01-04 00:00:00+00'),
    (md5('range')::uuid, md5('finn')::uuid, '2025-01-04 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-01 01:00:00+00'),
    (md5('ann+cara')::uuid, md5('cara')::uuid, 'not for dan, not for eve', '2025-01-02 01:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'am I in?', '2025-01-03 01:00:00+00'),
    (md5('range')::uuid, md5('finn')::uuid, 'a bucket each', '2025-01-04 01:00:00+00');
