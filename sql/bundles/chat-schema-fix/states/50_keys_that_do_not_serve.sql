--! Title: Keys that are there and do not serve: deferrable, of too many columns, not validated, without cascade
--! Quarantine: 0

-- A deferrable primary key cannot be the arbiter of an upsert: "ON CONFLICT does not support deferrable constraints".
create table public.chat_rooms (
    id uuid default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint chat_rooms_pkey primary key (id),
    constraint chat_rooms_title_key unique (title, created_by) deferrable initially deferred
);
create table public.chat_room_members (
    room_id uuid not null,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
    created_at timestamptz default now(),
    constraint chat_room_members_pkey primary key (room_id, user_id) deferrable initially deferred,
    constraint chat_room_members_room_id_fkey foreign key (room_id) references public.chat_rooms (id)
        on update cascade on delete set null deferrable initially deferred
);
create table public.room_members (
    user_id uuid not null,
    room_id uuid not null,
    created_at timestamptz default now(),
    constraint room_members_pkey primary key (user_id)
);
create table public.chat_messages (
    id uuid default gen_random_uuid(),
    room_id uuid,
    sender uuid,
    content text,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint chat_messages_pkey primary key (id, created_at),
    constraint chat_messages_room_id_not_null check (room_id is not null) not valid,
    constraint chat_messages_room_id_fkey foreign key (room_id) references public.chat_rooms (id)
        on delete cascade deferrable initially deferred not valid
);

-- One person can be in one direct conversation only, and one id stands on two messages of different times.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (md5('1')::uuid, md5('club')::uuid, md5('ann')::uuid, 'one', '2025-01-01 01:00:00+00'),
    (md5('1')::uuid, md5('club')::uuid, md5('ben')::uuid, 'one, a second later', '2025-01-01 01:00:01+00'),
    (md5('2')::uuid, md5('ann+ben')::uuid, md5('ben')::uuid, 'two', '2025-01-02 01:00:00+00');
