--! Title: The views of the older names read profiles and accounts, too, which their readers may not
--! Quarantine: 0

-- The rename was softened by views that say more than the tables did: who made a room, and how to reach him.
create table public.profiles (
    id uuid primary key references auth.users (id) on delete cascade,
    username text not null
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text not null default 'member',
    status text not null default 'approved',
    invited_by uuid,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);
create view public.rooms as
select room.id, room.type as kind, room.title as slug, room.created_at, creator.username, account.email
from public.chat_rooms as room
left join public.profiles as creator on creator.id = room.created_by
left join auth.users as account on account.id = room.created_by;
create view public.conversation_participants as
select member.room_id, member.user_id as participant_id, person.username
from public.room_members as member
join public.profiles as person on person.id = member.user_id;

-- A profile is nobody's but its owner's.
alter table public.profiles enable row level security;
create policy profiles_own on public.profiles for select to authenticated using (id = (select auth.uid()));
revoke all on public.profiles from anon, authenticated;
grant select on public.rooms, public.conversation_participants to authenticated;

insert into auth.users (id, email)
select md5(name)::uuid, name || '@example.org' from unnest(array['ann', 'ben', 'cara', 'dan', 'eve']) as person (name);
insert into public.profiles (id, username)
select md5(name)::uuid, name from unnest(array['ann', 'ben', 'cara', 'dan', 'eve']) as person (name);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ben+cara')::uuid, 'dm', null, md5('ben')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'pending', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('eve')::uuid, 'member', 'blocked', '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ben+cara')::uuid, md5('ben')::uuid, '2025-01-02 00:00:00+00'),
    (md5('ben+cara')::uuid, md5('cara')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'for the club', '2025-01-01 01:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'from ben', '2025-01-01 02:00:00+00'),
    (md5('ben+cara')::uuid, md5('cara')::uuid, 'between us', '2025-01-02 01:00:00+00');
