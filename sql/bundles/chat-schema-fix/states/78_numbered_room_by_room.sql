--! Title: Messages numbered room by room with replies and reactions, times as numbers, texts as jsonb
--! Quarantine: 1
--! Set: acknowledge=public.chat_messages.created_at
--! Set: acknowledge=public.chat_rooms.created_at
--! Set: acknowledge=public.room_members.created_at

-- The key is the room and the number in it, and so is whatever points at a message.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at bigint default (extract(epoch from now()) * 1000)::bigint
);
create table public.room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    created_at integer default extract(epoch from now())::integer,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    id integer not null,
    sender uuid not null,
    content jsonb not null,
    reply_to integer,
    created_at bigint default (extract(epoch from now()) * 1000)::bigint,
    updated_at text,
    primary key (room_id, id),
    constraint reply_in_the_room foreign key (room_id, reply_to) references public.chat_messages (room_id, id)
);
create table public.chat_reactions (
    room_id uuid not null,
    message_id integer not null,
    user_id uuid not null,
    emoji text not null,
    primary key (room_id, message_id, user_id),
    constraint reaction_to foreign key (room_id, message_id) references public.chat_messages (room_id, id) on delete cascade
);

insert into public.chat_rooms (id, type, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', md5('ann')::uuid, 1735689600000),
    (md5('ann+cara')::uuid, 'dm', md5('ann')::uuid, 1735776000000);
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 1735689600),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 1735689600),
    (md5('ann+cara')::uuid, md5('ann')::uuid, 1735776000),
    (md5('ann+cara')::uuid, md5('cara')::uuid, 1735776000);
insert into public.chat_messages (room_id, id, sender, content, reply_to, created_at, updated_at) values
    (md5('ann+ben')::uuid, 1, md5('ann')::uuid, '"hello"', null, 1735693200123, '2025-01-01T01:00:00Z'),
    (md5('ann+ben')::uuid, 2, md5('ben')::uuid, '"she said \"hi\""', 1, 1735696800000, '1735696800'),
    (md5('ann+cara')::uuid, 1, md5('cara')::uuid, '["rich"]', null, 1735779600000, 'a while ago'),
    (md5('ann+cara')::uuid, 2, md5('ann')::uuid, '"hello"', 1, null, null);
insert into public.chat_reactions (room_id, message_id, user_id, emoji) values
    (md5('ann+ben')::uuid, 2, md5('ann')::uuid, '+'),
    (md5('ann+cara')::uuid, 2, md5('cara')::uuid, '-');
