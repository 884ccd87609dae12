--! Title: Ids, senders and times of type text, written in several ways
--! Set: acknowledge=public.chat_rooms.id
--! Set: acknowledge=public.chat_messages.id

-- One person spelled in two ways is two rows for a unique rule, and one for a uuid.
create table public.chat_rooms (
    id text primary key,
    type text,
    title text,
    created_by text,
    created_at text
);
create table public.chat_room_members (
    room_id text references public.chat_rooms (id),
    user_id text,
    role text,
    status text,
    created_at text,
    unique (room_id, user_id)
);
create table public.chat_messages (
    id text primary key,
    room_id text,
    sender text,
    content text,
    created_at text
);

insert into public.chat_rooms (id, type, title, created_by, created_at) values
    ('lobby', 'group', 'Lobby', md5('ann')::uuid::text, '2025-01-01T00:00:00Z'),
    (upper(md5('ann+cara')::uuid::text), 'dm', null, 'nobody', '2025-01-02 02:00:00+02');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    ('lobby', md5('ann')::uuid::text, 'admin', 'approved', '2025-01-01T00:00:00Z'),
    ('lobby', upper(md5('ben')::uuid::text), 'member', 'approved', null),
    ('lobby', md5('ben')::uuid::text, 'member', 'blocked', null),
    (upper(md5('ann+cara')::uuid::text), md5('ann')::uuid::text, null, 'approved', 'long ago'),
    (upper(md5('ann+cara')::uuid::text), md5('cara')::uuid::text, null, 'approved', null);
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    ('message-1', 'lobby', md5('ann')::uuid::text, 'hello', '2025-01-01T01:00:00Z'),
    ('message-2', md5('ann+cara')::uuid::text, upper(md5('cara')::uuid::text), 'just us', '2025-01-02T01:00:00.123456Z'),
    ('message-3', 'lobby', 'system', 'ann joined', '2025-01-01T00:00:00Z'),
    ('message-4', 'lobby', md5('ben')::uuid::text, 'who knows when', '');
