--! Title: A stranger has put rows with other people's rooms into chat_rooms, with themself as the creator
--! Quarantine: 2

-- The first generation is in use; whoever is signed in may insert into the newer table, which nobody uses yet.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    title text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.rooms (id) on delete cascade,
    user_id uuid not null,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null check (type in ('dm', 'group')),
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
alter table public.chat_rooms enable row level security;
create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());

insert into public.rooms (id, kind, slug, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'club', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', null, null, md5('ben')::uuid, '2025-01-02 00:00:00+00');
insert into public.conversation_participants (room_id, user_id) values
    (md5('club')::uuid, md5('ann')::uuid),
    (md5('club')::uuid, md5('ben')::uuid),
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'members only', '2025-02-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'between us', '2025-02-02 00:00:00+00'),
    (md5('nameless')::uuid, md5('ann')::uuid, 'in a room that only its messages know', '2025-02-03 00:00:00+00'),
    (md5('nameless')::uuid, md5('ben')::uuid, 'so it is', '2025-02-04 00:00:00+00'),
    (md5('unheard of')::uuid, md5('ann')::uuid, 'in another one', '2025-02-05 00:00:00+00');

-- What mallory did: the club as a group of hers, the conversation as a group, too, and two rooms that only messages know, one
-- of them as a conversation with a friend.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Mine now', md5('mallory')::uuid, '2025-03-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'group', 'Mine as well', md5('mallory')::uuid, '2025-03-01 00:00:00+00'),
    (
        md5('nameless')::uuid, 'dm', 'dm:' || md5('mallory')::uuid || ':' || md5('friend')::uuid, md5('mallory')::uuid,
        '2025-03-01 00:00:00+00'
    ),
    (md5('unheard of')::uuid, 'group', 'Heard of', md5('mallory')::uuid, '2025-03-01 00:00:00+00');
