--! Title: Messages and members published to realtime already, with replica identity full

-- Adding the table again is an error, and so is an update without a key once updates are published.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_at timestamptz not null default now()
);
create table public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id uuid,
    room_id uuid not null references public.rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);
insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (null, md5('ann+ben')::uuid, md5('ann')::uuid, 'no id', '2025-01-01 01:00:00+00'),
    (md5('1')::uuid, md5('ann+ben')::uuid, md5('ben')::uuid, 'an id', '2025-01-01 02:00:00+00'),
    (md5('1')::uuid, md5('ann+ben')::uuid, md5('ben')::uuid, 'the same', '2025-01-01 03:00:00+00');

-- The messages carry their whole row; the members have no key at all: updating or deleting one raises 55000.
alter table public.chat_messages replica identity full;
alter publication supabase_realtime add table public.chat_messages, public.room_members;
