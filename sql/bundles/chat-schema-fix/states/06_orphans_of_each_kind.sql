--! Title: Orphans of each kind: no room, no room id, no sender, no user
--! Quarantine: 9

-- Constraints were dropped one evening to "make it work", and what should never have been written was.
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
create table public.room_members (
    room_id uuid,
    user_id uuid,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id uuid default gen_random_uuid(),
    room_id uuid,
    sender uuid,
    content text,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

-- What is whole and must stay in place.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-02-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', null, md5('ann')::uuid, '2025-02-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-02-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'pending', '2025-02-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-02-02 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-02-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'still here', '2025-02-01 01:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'me too', '2025-02-02 01:00:00+00');

-- Five messages that can be attached to nothing or to nobody.
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (md5('1')::uuid, md5('gone')::uuid, md5('ann')::uuid, 'the room was deleted', '2025-02-03 01:00:00+00'),
    (md5('2')::uuid, md5('gone')::uuid, md5('ben')::uuid, 'the room was deleted', '2025-02-03 01:00:00+00'),
    (md5('3')::uuid, null, md5('cara')::uuid, 'no room at all', '2025-02-03 02:00:00+00'),
    (md5('4')::uuid, md5('club')::uuid, null, 'nobody said this', '2025-02-03 03:00:00+00'),
    (md5('5')::uuid, null, null, null, null);

-- Five memberships of nothing or of nobody.
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('gone')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-02-03 00:00:00+00'),
    (md5('club')::uuid, null, 'member', 'approved', '2025-02-03 00:00:00+00'),
    (null, md5('eve')::uuid, 'member', 'blocked', '2025-02-03 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('gone')::uuid, md5('ben')::uuid, '2025-02-03 00:00:00+00'),
    (md5('ann+ben')::uuid, null, '2025-02-03 00:00:00+00');
