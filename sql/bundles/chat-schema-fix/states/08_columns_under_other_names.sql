--! Title: Sender, text and members under other column names, with a view over them
--! Quarantine: 0

-- What the application sends (`sender`, `content`, `user_id`) does not exist here.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.rooms (id) on delete cascade,
    profile_id uuid not null,
    joined_at timestamptz not null default now(),
    primary key (room_id, profile_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.rooms (id) on delete cascade,
    author_id uuid not null,
    message text not null check (length(message) > 0),
    created_at timestamptz not null default now()
);
create index chat_messages_author_idx on public.chat_messages (author_id);

-- A report of the club's reads the old names and must go on answering with them.
create view public.latest_messages as
select room_id, author_id, message, created_at
from public.chat_messages
where created_at > '2025-01-01 00:00:00+00';

insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', '2025-04-01 00:00:00+00'),
    (md5('seniors')::uuid, 'group', 'seniors', '2025-04-02 00:00:00+00');
insert into public.conversation_participants (room_id, profile_id, joined_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-04-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-04-01 00:00:00+00'),
    (md5('seniors')::uuid, md5('ben')::uuid, '2025-04-02 00:00:00+00'),
    (md5('seniors')::uuid, md5('cara')::uuid, '2025-04-02 00:00:01+00'),
    (md5('seniors')::uuid, md5('dan')::uuid, '2025-04-02 00:00:02+00');
insert into public.chat_messages (room_id, author_id, message, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'hello', '2025-04-01 01:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'hello yourself', '2025-04-01 01:00:01+00'),
    (md5('seniors')::uuid, md5('cara')::uuid, 'who drives?', '2025-04-02 01:00:00+00'),
    (md5('seniors')::uuid, md5('dan')::uuid, 'I do', '2024-12-31 23:00:00+00');
