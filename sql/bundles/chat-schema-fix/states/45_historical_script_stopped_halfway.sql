--! Title: The historical script run piece by piece, and stopped by the first orphan
--! Quarantine: 3

-- Tables made beside the old ones, the old foreign key dropped, the new one refused: "violates foreign key constraint".
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text not null unique,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.rooms (id) on delete cascade,
    participant_id uuid not null,
    primary key (room_id, participant_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid not null,
    sender_id uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text check (type in ('dm', 'group')) default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text check (role in ('admin', 'member')) default 'member',
    status text check (status in ('approved', 'pending', 'blocked')) default 'approved',
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

-- Old rooms with old messages, one new room made by the half-working application, and messages of rooms deleted since.
insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'club', md5('cara')::uuid, '2025-01-02 00:00:00+00');
insert into public.conversation_participants (room_id, participant_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid),
    (md5('club')::uuid, md5('cara')::uuid),
    (md5('club')::uuid, md5('dan')::uuid);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('ann+ben, new')::uuid, 'dm', 'Direct Message', md5('ben')::uuid, '2025-10-14 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben, new')::uuid, md5('ann')::uuid, '2025-10-14 00:00:00+00'),
    (md5('ann+ben, new')::uuid, md5('ben')::uuid, '2025-10-14 00:00:00+00');
insert into public.chat_messages (room_id, sender_id, content, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'in the old room', '2025-01-01 01:00:00+00'),
    (md5('ann+ben, new')::uuid, md5('ben')::uuid, 'in the new room', '2025-10-14 01:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'never moved', '2025-01-02 01:00:00+00'),
    (md5('gone')::uuid, md5('ann')::uuid, 'orphan one', '2025-01-03 01:00:00+00'),
    (md5('gone')::uuid, md5('ben')::uuid, 'orphan two', '2025-01-03 02:00:00+00'),
    (md5('gone too')::uuid, md5('eve')::uuid, 'orphan three', '2025-01-03 03:00:00+00');
