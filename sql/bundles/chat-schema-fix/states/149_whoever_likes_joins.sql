--! Title: An ordinary project with policies: those of members recurse, and whoever likes puts themselves into a room
--! Set: acknowledge=public.chat_rooms.Users can create rooms

-- A room's type is said by a boolean, its members are in room_members. "Users can join" lets anybody into any room, and lets who is in
-- a group already repeat their membership, which moves to chat_room_members.
create table public.profiles (
    id uuid primary key references auth.users (id) on delete cascade,
    username text unique
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    name text,
    is_group boolean not null default false,
    created_by uuid references public.profiles (id),
    created_at timestamptz default now()
);
create table public.room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid references public.profiles (id) on delete cascade,
    role text default 'member',
    joined_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.chat_rooms (id) on delete cascade,
    sender uuid references public.profiles (id),
    content text,
    created_at timestamptz default now()
);

alter table public.profiles enable row level security;
alter table public.chat_rooms enable row level security;
alter table public.room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy "Profiles are viewable by everyone" on public.profiles for select using (true);
create policy "Members can view rooms" on public.chat_rooms for select using (
    exists (select from public.room_members where room_members.room_id = chat_rooms.id and room_members.user_id = auth.uid())
);
create policy "Users can create rooms" on public.chat_rooms for insert with check (auth.uid() = created_by);
create policy "Members can view members" on public.room_members for select using (
    exists (select from public.room_members as mine where mine.room_id = room_members.room_id and mine.user_id = auth.uid())
);
create policy "Users can join" on public.room_members for insert with check (auth.uid() = user_id);
create policy "Members can read messages" on public.chat_messages for select using (
    exists (select from public.room_members where room_members.room_id = chat_messages.room_id and room_members.user_id = auth.uid())
);
create policy "Members can send" on public.chat_messages for insert with check (
    auth.uid() = sender
    and exists (select from public.room_members where room_members.room_id = chat_messages.room_id and room_members.user_id = auth.uid())
);

insert into auth.users (id) select md5(name)::uuid from unnest('{ann,ben,cara}'::text[]) as person (name);
insert into public.profiles (id, username) select md5(name)::uuid, name from unnest('{ann,ben,cara}'::text[]) as person (name);
insert into public.chat_rooms (id, name, is_group, created_by, created_at) values
    (md5('club')::uuid, 'Club', true, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('two')::uuid, null, false, md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id, role, joined_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', '2025-01-01 00:00:00+00'),
    (md5('two')::uuid, md5('ann')::uuid, 'member', '2025-01-02 00:00:00+00'),
    (md5('two')::uuid, md5('ben')::uuid, 'member', '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'hello all', '2025-01-01 00:00:01+00'),
    (md5('two')::uuid, md5('ben')::uuid, 'psst', '2025-01-02 00:00:01+00');
