--! Title: A view that leaves out rooms of a type whose word the fix replaces
--! Expect: refuse 0A000

-- To the view every room would be one to show: private rooms are groups like the others after the fix.
create type public."Room Kind" as enum ('direct', 'channel', 'private');
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type public."Room Kind" not null default 'channel',
    name varchar(40),
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id),
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    primary key (room_id, user_id)
);
create view public."Active Rooms" as select id, type, name from public.chat_rooms where type <> 'private';

insert into public.chat_rooms (id, type, name, created_by) values
    (md5('club')::uuid, 'channel', 'Club', md5('ann')::uuid),
    (md5('board')::uuid, 'private', 'Board', md5('ann')::uuid);
insert into public.chat_room_members (room_id, user_id, role) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin'),
    (md5('board')::uuid, md5('ann')::uuid, 'admin');
