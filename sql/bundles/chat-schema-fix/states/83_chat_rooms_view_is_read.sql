--! Title: chat_rooms is a view, and policies and functions read it
--! Quarantine: 0

-- A view that a table is to replace can be dropped only if nothing but itself knows it.
create table public.profiles (
    id uuid primary key,
    display_name text
);
alter table public.profiles enable row level security;
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text,
    slug text,
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create view public.chat_rooms as
select id, case kind when 'direct' then 'dm' else kind end as type, title, created_by, created_at, created_at as updated_at
from public.rooms;
create table public.chat_room_members (
    room_id uuid not null,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.rooms (id),
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);
alter table public.chat_messages enable row level security;

-- A policy of ours and one of others, a function that returns the view's rows, and one whose body Postgres has read.
create policy "read in my rooms" on public.chat_messages for select using (
    exists (
        select
        from public.chat_rooms as room
        left join public.chat_room_members as member
            on member.room_id = room.id and member.user_id = auth.uid() and member.status = 'approved'
        left join public.room_members as person on person.room_id = room.id and person.user_id = auth.uid()
        where room.id = chat_messages.room_id
            and (room.created_by = auth.uid() or member.user_id is not null or person.user_id is not null)
    )
);
create policy "send in my rooms" on public.chat_messages for insert with check (
    sender = auth.uid()
    and exists (
        select
        from public.chat_rooms as room
        left join public.chat_room_members as member
            on member.room_id = room.id and member.user_id = auth.uid() and member.status = 'approved'
        left join public.room_members as person on person.room_id = room.id and person.user_id = auth.uid()
        where room.id = chat_messages.room_id and (member.user_id is not null or person.user_id is not null)
    )
);
create policy "creators are seen" on public.profiles for select using (
    id = auth.uid() or exists (select from public.chat_rooms as room where room.created_by = profiles.id)
);
create function public.list_rooms() returns setof public.chat_rooms
language sql
stable
as $$
    select * from public.chat_rooms
$$;
create function public.count_rooms() returns bigint
language sql
stable
return (select count(*) from public.chat_rooms);

insert into public.profiles (id, display_name) values
    (md5('ann')::uuid, 'Ann'),
    (md5('ben')::uuid, 'Ben');
insert into public.rooms (id, kind, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'direct', null, md5('ben')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'pending');
insert into public.room_members (room_id, user_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'for the club', '2025-01-01 01:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-02 01:00:00+00');
