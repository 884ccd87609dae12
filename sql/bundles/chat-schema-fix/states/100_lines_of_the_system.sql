--! Title: Lines of the system, names in the place of senders, a materialized view of what is said, and people who wait by one table alone
--! Quarantine: 7

-- The application told who had come and gone in lines of nobody's, and once wrote names where ids belong.
create table public.chat_rooms (
    id text primary key,
    type text not null check (type in ('dm', 'group')),
    title text,
    created_by uuid references auth.users (id) on delete set null,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id text not null references public.chat_rooms (id),
    user_id uuid not null,
    role text,
    status text,
    left_at timestamptz,
    created_at timestamptz default now()
);
create table public.room_members (
    room_id text not null references public.chat_rooms (id),
    user_id uuid not null,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id bigint generated always as identity primary key,
    room_id text,
    sender text,
    content text,
    created_at timestamptz default now(),
    updated_at text
);
create materialized view public.said_in_rooms as
select room_id, count(*) as messages, max(created_at) as last_said from public.chat_messages where room_id <> '' group by room_id;
create unique index said_in_rooms_once on public.said_in_rooms (room_id);
comment on materialized view public.said_in_rooms is 'refreshed every night';
revoke all on public.said_in_rooms from anon, authenticated;
grant select (room_id, messages) on public.said_in_rooms to authenticated;
create materialized view public.said_by_whom as select room_id, sender from public.chat_messages with no data;
revoke all on public.said_by_whom from anon, authenticated;

insert into auth.users (id) select md5(name)::uuid from unnest(array['ann', 'ben', 'cara', 'dan', 'eve']) as person (name);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid::text, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid::text, 'dm', null, md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('notes')::uuid::text, 'group', 'Notes to myself', md5('dan')::uuid, '2025-01-03 00:00:00+00');
-- A status that is empty says nothing: cara and eve are in the club by the other table, and nothing says that eve is its admin. ben has
-- yet to accept the conversation.
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid::text, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid::text, md5('cara')::uuid, 'member', null, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid::text, md5('eve')::uuid, 'admin', null, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid::text, md5('ben')::uuid, 'member', 'invited', '2025-01-02 00:00:00+00');
-- Dan left, which his status does not say.
insert into public.chat_room_members (room_id, user_id, role, status, left_at, created_at) values
    (md5('club')::uuid::text, md5('dan')::uuid, 'member', 'approved', '2025-01-02 00:00:00+00', '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('club')::uuid::text, md5('cara')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid::text, md5('eve')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid::text, md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid::text, md5('ben')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at, updated_at) values
    (md5('club')::uuid::text, md5('ann')::uuid::text, 'see you', '2025-01-01 00:00:05+00', '2025-02-30 10:00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid::text, null, 'Ann made the club', '2025-01-01 00:00:01+00'),
    (md5('club')::uuid::text, md5('ann')::uuid::text, 'welcome', '2025-01-01 00:00:02+00'),
    (md5('club')::uuid::text, 'Cara', 'thank you', '2025-01-01 00:00:03+00'),
    (md5('club')::uuid::text, null, null, '2025-01-01 00:00:04+00'),
    (md5('ann+ben')::uuid::text, md5('ann')::uuid::text, 'are you there?', '2025-01-02 00:00:01+00'),
    (md5('notes')::uuid::text, md5('dan')::uuid::text, 'milk', '2025-01-03 00:00:01+00');
refresh materialized view public.said_in_rooms;
-- Since then somebody wrote where there was no room.
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('gone')::uuid::text, 'Dan', null, '2025-01-04 00:00:01+00'),
    (null, null, 'hello?', '2025-01-04 00:00:02+00');
