--! Title: Tables of the chat are unlogged, and one is of a type
--! Quarantine: 1

-- A table that is logged may not refer to one that is not, nor may realtime publish one; the columns of a typed table stay.
create type public.conversation as (id uuid, kind text, slug text, created_at timestamptz);
create unlogged table public.rooms of public.conversation (primary key (id));
create table public.former_rooms of public.conversation;
create unlogged table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text,
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create unlogged table public.chat_room_members (
    room_id uuid references public.chat_rooms (id),
    user_id uuid,
    role text default 'member',
    status text default 'approved',
    primary key (room_id, user_id)
);
create type public.message as (id bigint, room_id uuid, sender_id uuid, message text, created_at timestamptz);
create unlogged table public.chat_messages of public.message;
alter table public.chat_messages
    alter column created_at set default now(),
    add foreign key (room_id) references public.rooms (id) not valid;
create unlogged table public.typing (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid
);

insert into public.rooms (id, kind, slug, created_at) values
    (md5('lobby')::uuid, 'group', 'lobby', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'club', '2025-01-02 00:00:00+00');
insert into public.former_rooms (id, kind, slug) values (md5('gone')::uuid, 'group', 'gone');
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending');
insert into public.chat_messages (id, room_id, sender_id, message, created_at) values
    (1, md5('club')::uuid, md5('ann')::uuid, 'fast, not durable', '2025-02-01 00:00:00+00'),
    (2, md5('lobby')::uuid, md5('ben')::uuid, 'anybody here?', '2025-02-02 00:00:00+00');
insert into public.chat_messages (id, room_id, sender_id, message, created_at) values
    (3, null, md5('ben')::uuid, 'nowhere', '2025-02-03 00:00:00+00');
insert into public.typing (room_id, user_id) values (md5('club')::uuid, md5('ann')::uuid);
