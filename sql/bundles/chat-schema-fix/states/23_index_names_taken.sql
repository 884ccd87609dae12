--! Title: Every index name taken by something else
--! Quarantine: 0

-- `create index if not exists` is content with all of these.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
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
    constraint idx_chat_room_members_room primary key (room_id, user_id)
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
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.groups_of_last_year (
    created_by uuid,
    title text,
    type text,
    constraint idx_chat_rooms_created_by unique (created_by, title)
);

-- Not unique; on another table; of other columns; partial where it must not be; a view instead of an index.
create index idx_chat_rooms_unique_group on public.chat_rooms (created_by, title) where type = 'group';
create index idx_chat_rooms_type on public.groups_of_last_year (type);
create index idx_chat_messages_room on public.chat_messages (created_at);
create index idx_chat_messages_sender on public.chat_messages using hash (content);
create index idx_chat_messages_created on public.chat_messages (created_at desc) where created_at < '2020-01-01 00:00:00+00';
create unique index idx_room_members_user on public.room_members (user_id, room_id);
create view public.idx_room_members_room as select room_id from public.room_members;

-- A unique index without the predicate would be too strict: these two conversations share creator and title.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club again')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', 'Direct Message', md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('ann+cara')::uuid, 'dm', 'Direct Message', md5('ann')::uuid, '2025-01-04 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club again')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('club again')::uuid, md5('dan')::uuid, 'member', 'approved', '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-03 00:00:00+00'),
    (md5('ann+cara')::uuid, md5('ann')::uuid, '2025-01-04 00:00:00+00'),
    (md5('ann+cara')::uuid, md5('cara')::uuid, '2025-01-04 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'here', '2025-01-01 01:00:00+00'),
    (md5('club again')::uuid, md5('dan')::uuid, 'and here', '2025-01-02 01:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'hello', '2025-01-03 01:00:00+00');
