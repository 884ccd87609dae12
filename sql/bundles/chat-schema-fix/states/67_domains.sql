--! Title: Domains over uuid and text, with foreign keys on them
--! Quarantine: 1

-- A domain is as good as its base, but a foreign key, a view and the client's types are written for the base.
create domain public.user_id as uuid;
create domain public.room_id as uuid not null;
create domain public.words as text check (length(value) < 4000);
create domain public.kind as text check (value in ('dm', 'group') or length(value) = 9);
create table public.profiles (
    id public.user_id primary key,
    handle text
);
create table public.chat_rooms (
    id public.room_id primary key default gen_random_uuid(),
    type public.kind default 'group',
    title public.words,
    created_by public.user_id references public.profiles (id),
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id public.room_id references public.chat_rooms (id),
    user_id public.user_id constraint chat_room_members_user_id_fkey references public.profiles (id),
    role text default 'member',
    status text default 'approved',
    invited_by public.user_id,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id public.room_id references public.chat_rooms (id),
    sender public.user_id references public.profiles (id),
    content public.words,
    created_at timestamptz default now()
);
create view public.chatter as
select profiles.handle, chat_messages.content
from public.profiles
join public.chat_messages on chat_messages.sender = profiles.id;

insert into public.profiles (id, handle) select md5(name)::uuid, name from unnest(array['ann', 'ben']) as name;
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('news')::uuid, 'broadcast', 'News', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('news')::uuid, md5('ben')::uuid, 'member', 'approved');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-01-01 01:00:00+00'),
    (md5('news')::uuid, md5('ben')::uuid, 'extra, extra', '2025-01-02 01:00:00+00');
