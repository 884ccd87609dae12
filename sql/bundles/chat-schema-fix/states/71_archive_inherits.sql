--! Title: An archive inherits from the messages
--! Expect: refuse 42809

-- Its rows answer for the messages, but no key and no policy of theirs holds for them.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text,
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id uuid default gen_random_uuid(),
    room_id uuid,
    sender uuid,
    content text,
    created_at timestamptz default now()
);
create table public.chat_messages_archive () inherits (public.chat_messages);

insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (md5('1')::uuid, md5('club')::uuid, md5('ann')::uuid, 'of today', '2025-01-02 00:00:00+00');
insert into public.chat_messages_archive (id, room_id, sender, content, created_at) values
    (md5('1')::uuid, md5('club')::uuid, md5('ann')::uuid, 'of old', '2025-01-01 00:00:00+00');
