--! Title: Files are keyed to the older rooms, realtime publishes them, and a view lists them
--! Expect: refuse 0A000

-- The rooms move to chat_rooms, where new ones are made: no file could be kept for a new room, who listens would hear of none, and
-- the view would list none.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null default 'group',
    slug text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.room_members (
    room_id uuid references public.rooms (id) on delete cascade,
    user_id uuid,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.rooms (id) on delete cascade,
    sender uuid,
    content text not null,
    created_at timestamptz default now()
);
create table public.files (
    id bigint primary key,
    room_id uuid not null constraint files_of_a_room references public.rooms (id) on delete cascade,
    path text not null
);
create view public.newest_rooms as
select id, slug from public.rooms order by created_at desc limit 20;
alter publication supabase_realtime add table public.rooms;

insert into public.rooms (id, kind, slug, created_by, created_at)
values (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id)
values (md5('ann+ben')::uuid, md5('ann')::uuid), (md5('ann+ben')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender, content, created_at)
values (md5('ann+ben')::uuid, md5('ann')::uuid, 'see the file', '2025-01-01 01:00:00+00');
insert into public.files (id, room_id, path) values (1, md5('ann+ben')::uuid, 'minutes.pdf');
