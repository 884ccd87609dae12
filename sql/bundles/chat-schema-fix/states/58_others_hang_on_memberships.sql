--! Title: Other tables' rows hang on memberships that sit in the wrong table
--! Expect: refuse 0A000

-- From now on the memberships of conversations are elsewhere, and nothing could be keyed to a new one.
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
    role text not null default 'member',
    status text not null default 'approved',
    invited_by uuid,
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
create table public.read_markers (
    room_id uuid not null,
    user_id uuid not null,
    read_until timestamptz not null,
    primary key (room_id, user_id),
    constraint read_markers_member_fkey foreign key (room_id, user_id)
        references public.chat_room_members (room_id, user_id) on delete cascade
);

-- A conversation that lives in the groups' table, and a group that lives where it should.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-01 01:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, 'all of us', '2025-01-02 01:00:00+00');
insert into public.read_markers (room_id, user_id, read_until)
select room_id, user_id, '2025-01-03 00:00:00+00' from public.chat_room_members;
