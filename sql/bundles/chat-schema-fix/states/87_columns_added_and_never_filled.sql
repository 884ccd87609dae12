--! Title: Columns of the next generation were added with defaults and never filled
--! Quarantine: 0

-- An empty text beside the old one says nothing, nor does a type; a title that must be there forbids the conversations that have none.
create table public.rooms (
    id uuid primary key,
    kind text not null,
    slug text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    kind text,
    room_name text,
    title text not null default '',
    created_by uuid not null default md5('ann')::uuid,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid,
    user_id uuid,
    role text default 'member',
    status text default 'approved',
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid,
    user_id uuid
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid,
    sender_id uuid,
    message text,
    sender uuid not null default '00000000-0000-0000-0000-000000000000',
    content text default '',
    created_at timestamptz default now()
);

insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', null, '2025-01-01 00:00:00+00');
insert into public.chat_rooms (id, type, room_name, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', '', md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('club 2')::uuid, 'group', 'Other', 'club', md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('nameless')::uuid, 'group', ' ', ' ', md5('ben')::uuid, '2025-01-04 00:00:00+00');
insert into public.chat_rooms (id, kind, created_by, created_at) values
    (md5('ben+cara')::uuid, 'dm', md5('ben')::uuid, '2025-01-05 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved'),
    (md5('club 2')::uuid, md5('cara')::uuid, 'member', 'approved'),
    (md5('nameless')::uuid, md5('ben')::uuid, 'admin', 'approved');
insert into public.room_members (room_id, user_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid),
    (md5('ben+cara')::uuid, md5('ben')::uuid),
    (md5('ben+cara')::uuid, md5('cara')::uuid);
insert into public.chat_messages (id, room_id, sender_id, message, sender, content, created_at) values
    (md5('1')::uuid, md5('club')::uuid, md5('ben')::uuid, 'before the columns came', default, default, '2025-02-01 00:00:00+00'),
    (md5('2')::uuid, md5('club')::uuid, md5('ann')::uuid, 'written twice', md5('ann')::uuid, 'written twice', '2025-02-02 00:00:00+00'),
    (md5('3')::uuid, md5('ann+ben')::uuid, null, null, md5('ann')::uuid, 'after the columns came', '2025-02-03 00:00:00+00'),
    (md5('4')::uuid, md5('ann+ben')::uuid, md5('ben')::uuid, 'half', md5('ben')::uuid, default, '2025-02-04 00:00:00+00'),
    (md5('5')::uuid, md5('club 2')::uuid, md5('cara')::uuid, null, md5('cara')::uuid, '', '2025-02-05 00:00:00+00'),
    (md5('7')::uuid, md5('ben+cara')::uuid, md5('cara')::uuid, 'only you', md5('cara')::uuid, null, '2025-02-07 00:00:00+00'),
    (md5('6')::uuid, md5('club')::uuid, md5('ben')::uuid, '  ', md5('ben')::uuid, null, '2025-02-06 00:00:00+00');
