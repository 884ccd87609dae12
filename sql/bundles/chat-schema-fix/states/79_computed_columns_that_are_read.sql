--! Title: New names computed from the old ones, and a view over them
--! Quarantine: 0

-- Generated columns were to carry both clients over: nobody can write to the names that the application uses.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    kind text generated always as (type) stored,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    member_id uuid generated always as (user_id) stored,
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id text not null,
    room_uuid uuid generated always as (room_id::uuid) stored,
    sender_id uuid not null,
    sender uuid generated always as (sender_id) stored,
    message text not null,
    content text generated always as (message) stored,
    created_at timestamptz not null default now()
);
create index messages_of_rooms on public.chat_messages (room_uuid, created_at);
alter table public.chat_messages add constraint told_room check (room_uuid is not null);
create view public.latest as
select room_uuid, sender, content, created_at
from public.chat_messages;
create view public.latest_of_rooms as
select room_uuid, max(created_at) as created_at
from public.latest
group by room_uuid;

insert into public.chat_rooms (id, type, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender_id, message, created_at) values
    (md5('ann+ben')::uuid::text, md5('ann')::uuid, 'hello', '2025-01-01 01:00:00+00'),
    (upper(md5('ann+ben')::uuid::text), md5('ben')::uuid, 'hello yourself', '2025-01-01 02:00:00+00');
