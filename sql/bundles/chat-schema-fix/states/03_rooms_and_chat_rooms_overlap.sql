--! Title: Half migrated: rooms in rooms, in chat_rooms, and in both with the same ids

-- Groups were made in chat_rooms while messages still pointed at rooms: "Key is not present in table rooms".
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text not null unique,
    created_by uuid not null,
    created_at timestamptz not null default now()
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.room_members (
    room_id uuid not null references public.rooms (id) on delete cascade,
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
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
    created_at timestamptz default now()
);

-- `both` was copied by hand and then renamed on one side only; `shared` exists twice with another kind and creator.
insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('only-rooms-dm')::uuid, 'dm', 'dm:ann:ben', md5('ann')::uuid, '2024-04-01 00:00:00+00'),
    (md5('only-rooms-group')::uuid, 'group', 'sunday-scramble', md5('cara')::uuid, '2024-04-02 00:00:00+00'),
    (md5('both')::uuid, 'group', 'caddies', md5('ann')::uuid, '2024-04-03 00:00:00+00'),
    (md5('shared')::uuid, 'dm', 'dm:ann:dan', md5('ann')::uuid, '2024-04-04 00:00:00+00');
insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at) values
    (md5('both')::uuid, 'group', 'Caddies 2025', md5('ann')::uuid, '2025-01-03 00:00:00+00', '2025-01-04 00:00:00+00'),
    (md5('shared')::uuid, 'dm', null, md5('dan')::uuid, '2025-01-05 00:00:00+00', null),
    (md5('only-chat-rooms')::uuid, 'group', 'Committee', md5('ben')::uuid, '2025-01-06 00:00:00+00', null);

-- Membership of one group, `both`, is spread over both tables.
insert into public.room_members (room_id, user_id, created_at) values
    (md5('only-rooms-dm')::uuid, md5('ann')::uuid, '2024-04-01 00:00:00+00'),
    (md5('only-rooms-dm')::uuid, md5('ben')::uuid, '2024-04-01 00:00:00+00'),
    (md5('only-rooms-group')::uuid, md5('cara')::uuid, '2024-04-02 00:00:00+00'),
    (md5('only-rooms-group')::uuid, md5('eve')::uuid, '2024-04-02 00:00:00+00'),
    (md5('both')::uuid, md5('finn')::uuid, '2024-04-03 00:00:00+00'),
    (md5('shared')::uuid, md5('ann')::uuid, '2024-04-04 00:00:00+00'),
    (md5('shared')::uuid, md5('dan')::uuid, '2024-04-04 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, invited_by, created_at) values
    (md5('both')::uuid, md5('ann')::uuid, 'admin', 'approved', md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('both')::uuid, md5('ben')::uuid, 'member', 'pending', md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('both')::uuid, md5('eve')::uuid, 'member', 'blocked', md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('only-chat-rooms')::uuid, md5('ben')::uuid, 'admin', 'approved', null, '2025-01-06 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('only-rooms-dm')::uuid, md5('ann')::uuid, 'from the old world', '2024-04-01 10:00:00+00'),
    (md5('only-rooms-dm')::uuid, md5('ben')::uuid, 'and back', '2024-04-01 10:00:01+00'),
    (md5('only-rooms-group')::uuid, md5('eve')::uuid, 'who plays?', '2024-04-02 10:00:00+00'),
    (md5('both')::uuid, md5('ann')::uuid, 'bags at six', '2025-01-03 10:00:00+00'),
    (md5('both')::uuid, md5('finn')::uuid, 'ok', '2024-04-03 10:00:00+00'),
    (md5('shared')::uuid, md5('dan')::uuid, 'same room, two tables', '2025-01-05 10:00:00+00'),
    (md5('only-chat-rooms')::uuid, md5('ben')::uuid, 'minutes attached', '2025-01-06 10:00:00+00');

-- Not validated, or the groups' messages would have been refused when it was made.
alter table public.chat_messages
    add constraint chat_messages_room_id_fkey foreign key (room_id) references public.rooms (id)
    on delete cascade not valid;
