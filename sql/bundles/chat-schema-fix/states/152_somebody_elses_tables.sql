--! Title: Rooms of a hotel, participants of another messenger, and members who mark what they have read
--! Set: acknowledge=public.room_members.insert
--! Quarantine: 0

-- Neither table is the chat's, by its name alone. When they last read, members write in their own membership, and go on writing it.
create table public.profiles (
    id uuid primary key references auth.users (id) on delete cascade,
    username text unique
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group' check (type in ('dm', 'group')),
    title text,
    created_by uuid references auth.users (id),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid references auth.users (id) on delete cascade,
    role text not null default 'member' check (role in ('admin', 'member')),
    status text not null default 'approved' check (status in ('approved', 'pending', 'blocked')),
    invited_by uuid,
    created_at timestamptz not null default now(),
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid references auth.users (id) on delete cascade,
    created_at timestamptz not null default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid references auth.users (id) on delete set null,
    content text not null,
    created_at timestamptz not null default now()
);
alter table public.profiles enable row level security;
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.room_members enable row level security;
alter table public.chat_messages enable row level security;
create function public.in_room(r uuid) returns boolean language sql stable security definer set search_path = '' as $$
    select exists (select from public.chat_room_members m where m.room_id = r and m.user_id = auth.uid() and m.status = 'approved')
        or exists (select from public.room_members m where m.room_id = r and m.user_id = auth.uid())
$$;
create policy "profiles readable" on public.profiles for select using (true);
create policy "see my rooms" on public.chat_rooms for select to authenticated using (public.in_room(id));
create policy "make rooms" on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
create policy "see members" on public.chat_room_members for select to authenticated using (public.in_room(room_id));
create policy "join" on public.chat_room_members for insert to authenticated with check (user_id = auth.uid() and status = 'pending' and role = 'member');
create policy "leave" on public.chat_room_members for delete to authenticated using (user_id = auth.uid());
create policy "see dm members" on public.room_members for select to authenticated using (public.in_room(room_id));
create policy "read" on public.chat_messages for select to authenticated using (public.in_room(room_id));
create policy "send" on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.in_room(room_id));

insert into auth.users (id) select md5(name)::uuid from unnest('{ann,ben,cara,dan}'::text[]) as person (name);
insert into public.profiles (id, username) select md5(name)::uuid, name from unnest('{ann,ben,cara,dan}'::text[]) as person (name);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('two')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending', '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('two')::uuid, md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('two')::uuid, md5('ben')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'hello all', '2025-01-01 00:00:01+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'hi', '2025-01-01 00:00:02+00'),
    (md5('two')::uuid, md5('ben')::uuid, 'psst', '2025-01-02 00:00:01+00');
alter table public.chat_room_members add column last_read_at timestamptz;
create policy "mark as read" on public.chat_room_members for update to authenticated using (user_id = auth.uid());
create table public.rooms (id uuid primary key, number text, price numeric, owner_id uuid);
insert into public.rooms values (md5('101')::uuid, '101', 80, md5('ann')::uuid);
create table public.conversations (id uuid primary key);
create table public.conversation_participants (conversation_id uuid references public.conversations (id), user_id uuid);
insert into public.conversations values (md5('ticket')::uuid);
insert into public.conversation_participants values (md5('ticket')::uuid, md5('ann')::uuid);
