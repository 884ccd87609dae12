--! Title: Old required columns that the application no longer fills
--! Quarantine: 0

-- chat_rooms is the renamed rooms: slug and kind are demanded and unique. No insert of today's client can succeed.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind in ('dm', 'group')),
    slug text not null unique,
    created_by uuid not null,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    participant_id uuid not null,
    joined_at timestamptz not null default now(),
    primary key (room_id, participant_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid,
    sender_id uuid not null,
    content text not null,
    message_type text not null default 'text',
    client_nonce text not null,
    created_at timestamptz not null default now()
);

insert into public.chat_rooms (id, kind, slug, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', md5('ann')::uuid, '2024-06-01 00:00:00+00'),
    (md5('juniors')::uuid, 'group', 'juniors', md5('cara')::uuid, '2024-06-02 00:00:00+00');
insert into public.conversation_participants (room_id, participant_id, joined_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2024-06-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2024-06-01 00:00:00+00'),
    (md5('juniors')::uuid, md5('cara')::uuid, '2024-06-02 00:00:00+00'),
    (md5('juniors')::uuid, md5('dan')::uuid, '2024-06-02 00:00:00+00');
insert into public.chat_messages (room_id, sender_id, content, client_nonce, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'hi', 'n1', '2024-06-01 01:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'ho', 'n2', '2024-06-01 02:00:00+00'),
    (md5('juniors')::uuid, md5('dan')::uuid, 'is there practice?', 'n3', '2024-06-02 01:00:00+00');
