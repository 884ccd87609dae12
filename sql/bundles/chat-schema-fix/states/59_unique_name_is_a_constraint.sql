--! Title: The unique index's name belongs to a constraint that is too strict; columns default to the caller
--! Quarantine: 0

-- `unique (created_by, title)` over everything: a second conversation called "Direct Message" is refused to its creator.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm' check (type in ('dm', 'group')),
    title text,
    created_by uuid default auth.uid(),
    created_at timestamptz default timezone('utc', now()),
    updated_at timestamptz default timezone('utc', now()),
    constraint idx_chat_rooms_unique_group unique (created_by, title)
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null default auth.uid(),
    role text default 'member',
    status text default 'pending',
    invited_by uuid,
    created_at timestamptz default timezone('utc', now()),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null default auth.uid(),
    content text not null default '',
    created_at timestamptz not null default timezone('utc', now()),
    updated_at timestamptz
);
-- No two are the same to the constraint; to a reader two of these are.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('1')::uuid, 'group', 'Veterans', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('2')::uuid, 'group', 'veterans', md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('3')::uuid, 'dm', 'Direct Message', md5('ann')::uuid, '2025-01-03 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('1')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('2')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('2')::uuid, md5('ben')::uuid, 'member', 'pending', '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('1')::uuid, md5('ann')::uuid, 'one', '2025-01-01 01:00:00+00'),
    (md5('2')::uuid, md5('ann')::uuid, 'two', '2025-01-02 01:00:00+00'),
    (md5('3')::uuid, md5('ann')::uuid, 'is this on?', '2025-01-03 01:00:00+00');
