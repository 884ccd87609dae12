--! Title: Message ids generated always as identity, with gaps, a negative one and reactions on them
--! Quarantine: 0

-- The ids are quoted elsewhere: they keep their type and their values.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.room_members (
    room_id uuid not null references public.chat_rooms (id),
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (user_id, room_id)
);
create table public.chat_messages (
    id bigint generated always as identity (start with 9007199254740993),
    room_id uuid not null references public.chat_rooms (id),
    sender uuid not null,
    content text not null,
    created_at timestamptz default now(),
    constraint chat_messages_id_key unique (id)
);
create table public.message_reactions (
    message_id bigint not null references public.chat_messages (id) on delete cascade,
    user_id uuid not null,
    primary key (message_id, user_id)
);

insert into public.chat_rooms (id, type, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at) overriding system value values
    (-1, md5('ann+ben')::uuid, md5('ann')::uuid, 'imported', '2025-01-01 01:00:00+00'),
    (7, md5('ann+ben')::uuid, md5('ben')::uuid, 'seven', '2025-01-01 02:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'beyond what JavaScript counts to', '2025-01-01 03:00:00+00');
insert into public.message_reactions (message_id, user_id)
select id, md5('ben')::uuid from public.chat_messages;
