--! Title: Room ids of type text everywhere, upper case and braces among them
--! Quarantine: 1

-- A client library sent ids as text, so every table took them as text; Postgres compares them letter by letter.
create table public.chat_rooms (
    id text primary key,
    type text default 'dm',
    title text,
    created_by text,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id text not null references public.chat_rooms (id) on delete cascade,
    user_id text not null,
    role text default 'member',
    status text default 'approved',
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id text not null,
    sender text not null,
    content text not null,
    created_at timestamptz default now()
);
create index chat_messages_room_idx on public.chat_messages (room_id);
alter table public.chat_messages enable row level security;
create policy "mine" on public.chat_messages for select
    using (room_id in (select room_id from public.chat_room_members where user_id = auth.uid()::text));
create policy "my own" on public.chat_messages for insert
    with check (
        sender::uuid = auth.uid()
        and exists (
            select
            from public.chat_room_members as mine
            where mine.room_id::uuid = chat_messages.room_id::uuid and mine.user_id::uuid = auth.uid()
        )
    );

insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid::text, 'group', 'Club', md5('ann')::uuid::text, '2025-01-01 00:00:00+00'),
    (upper(md5('range')::uuid::text), 'group', 'Range', upper(md5('ben')::uuid::text), '2025-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid::text, 'dm', null, md5('ann')::uuid::text, '2025-01-03 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid::text, md5('ann')::uuid::text, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid::text, md5('cara')::uuid::text, 'member', 'pending', '2025-01-01 00:00:00+00'),
    (upper(md5('range')::uuid::text), md5('ben')::uuid::text, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid::text, md5('ann')::uuid::text, 'member', 'approved', '2025-01-03 00:00:00+00'),
    (md5('ann+ben')::uuid::text, md5('ben')::uuid::text, 'member', 'approved', '2025-01-03 00:00:00+00');

-- Four of them name their room, each in its own way of writing; the fifth names none.
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid::text, md5('ann')::uuid::text, 'as it should be', '2025-01-01 01:00:00+00'),
    (upper(md5('club')::uuid::text), md5('ann')::uuid::text, 'in capitals', '2025-01-01 02:00:00+00'),
    ('{' || md5('range')::uuid::text || '}', md5('ben')::uuid::text, 'in braces', '2025-01-02 01:00:00+00'),
    (md5('ann+ben')::uuid::text, upper(md5('ben')::uuid::text), 'sender in capitals', '2025-01-03 01:00:00+00'),
    ('undefined', md5('ben')::uuid::text, 'sent before the room was known', '2025-01-03 02:00:00+00');
