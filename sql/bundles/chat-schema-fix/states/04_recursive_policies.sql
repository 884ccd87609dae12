--! Title: Policies that read their own table: every request answers 42P17
--! Quarantine: 0

-- The generation that added groups: its policy on the members reads the members, so nobody can read anything.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text check (type in ('dm', 'group')) default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text check (role in ('admin', 'member')) default 'member',
    status text check (status in ('approved', 'pending', 'blocked')) default 'approved',
    invited_by uuid,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.room_members enable row level security;
alter table public.chat_messages enable row level security;

-- Members read members, rooms read members, members read rooms: three circles.
create policy "Users can view room memberships where they are members" on public.chat_room_members
    for select using (
        exists (
            select from public.chat_room_members as mine
            where mine.room_id = chat_room_members.room_id and mine.user_id = auth.uid() and mine.status = 'approved'
        )
    );
create policy "Admins can manage room members" on public.chat_room_members
    for all using (
        exists (
            select from public.chat_rooms as room
            where room.id = chat_room_members.room_id and room.created_by = auth.uid()
        )
    );
create policy "Users can view rooms they are members of" on public.chat_rooms
    for select using (
        exists (
            select from public.chat_room_members as member
            where member.room_id = chat_rooms.id and member.user_id = auth.uid()
        )
        or exists (
            select from public.room_members as person
            where person.room_id = chat_rooms.id and person.user_id = auth.uid()
        )
        or exists (
            select from public.chat_rooms as sibling
            where sibling.id = chat_rooms.id and sibling.created_by = auth.uid()
        )
    );
create policy "dm members" on public.room_members
    for select using (room_id in (select mine.room_id from public.room_members as mine where mine.user_id = auth.uid()));
create policy "read" on public.chat_messages
    for select using (
        room_id in (select member.room_id from public.chat_room_members as member where member.user_id = auth.uid())
        or room_id in (select person.room_id from public.room_members as person where person.user_id = auth.uid())
        or exists (
            select from public.chat_messages as mine
            where mine.room_id = chat_messages.room_id and mine.sender = auth.uid()
        )
    );
create policy "create" on public.chat_rooms for insert with check (created_by = auth.uid());
create policy "open" on public.room_members for insert with check (user_id = auth.uid());
create policy "send" on public.chat_messages
    for insert with check (
        sender = auth.uid()
        and (
            room_id in (select member.room_id from public.chat_room_members as member where member.user_id = auth.uid())
            or room_id in (select person.room_id from public.room_members as person where person.user_id = auth.uid())
        )
    );

-- Every role and every status once.
insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-08-01 00:00:00+00', '2025-08-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', 'Direct Message', md5('ann')::uuid, '2025-08-02 00:00:00+00', '2025-08-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, invited_by, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', md5('ann')::uuid, '2025-08-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved', md5('ann')::uuid, '2025-08-01 00:00:01+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending', null, '2025-08-01 00:00:02+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'blocked', md5('ann')::uuid, '2025-08-01 00:00:03+00'),
    (md5('club')::uuid, md5('eve')::uuid, 'admin', 'pending', null, '2025-08-01 00:00:04+00'),
    (md5('club')::uuid, md5('finn')::uuid, 'admin', 'blocked', null, '2025-08-01 00:00:05+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-08-02 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-08-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at, updated_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-08-01 01:00:00+00', '2025-08-01 01:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'before I was blocked', '2025-08-01 01:00:01+00', '2025-08-01 02:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-08-02 01:00:00+00', '2025-08-02 01:00:00+00');
