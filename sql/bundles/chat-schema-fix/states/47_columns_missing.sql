--! Title: Tables with next to no columns, times without a zone
--! Quarantine: 0

-- Prototype tables: no types, no titles, no creators; times were written by a server in Bangkok without saying so.
create table public.rooms (
    id uuid primary key,
    kind text,
    slug text,
    created_at timestamp
);
create table public.chat_rooms (
    id uuid primary key
);
create table public.chat_room_members (
    room_id uuid,
    user_id uuid
);
create table public.chat_messages (
    room_id uuid,
    sender uuid,
    content varchar(500),
    created_at timestamp without time zone
);
insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, null, 'dm:ann:ben', '2023-01-01 00:00:00'),
    (md5('club')::uuid, 'group', null, null);
insert into public.chat_rooms (id) values (md5('club')::uuid), (md5('bare')::uuid);
insert into public.chat_room_members (room_id, user_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid),
    (md5('club')::uuid, md5('ann')::uuid),
    (md5('club')::uuid, md5('cara')::uuid),
    (md5('club')::uuid, md5('dan')::uuid),
    (md5('bare')::uuid, md5('eve')::uuid);
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'one', '2023-01-01 01:00:00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'one', '2023-01-01 01:00:00'),
    (md5('club')::uuid, md5('dan')::uuid, 'two', '2023-03-26 02:30:00'),
    (md5('bare')::uuid, md5('eve')::uuid, 'three', null);
