--! Title: Forced row level security, and a deployer whom it hides everything from
--! Deployer: supabase_owner_no_bypass
--! Quarantine: 1

-- The owner himself sees no row here: a clean-up that looks through these policies finds nothing to keep or to move.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);
insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club 1')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('club 2')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-03 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club 1')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('club 2')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-03 00:00:00+00'),
    (md5('club 2')::uuid, md5('cara')::uuid, 'member', 'pending', '2025-01-03 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-01 01:00:00+00'),
    (md5('club 1')::uuid, md5('ann')::uuid, 'one', '2025-01-02 01:00:00+00'),
    (md5('club 2')::uuid, md5('ann')::uuid, 'two', '2025-01-03 01:00:00+00'),
    (md5('gone')::uuid, md5('ben')::uuid, 'an orphan', '2025-01-04 01:00:00+00');

-- Last, or the rows above would have been refused to their own owner.
alter table public.rooms enable row level security, force row level security;
alter table public.chat_rooms enable row level security, force row level security;
alter table public.chat_room_members enable row level security, force row level security;
alter table public.chat_messages enable row level security, force row level security;
create policy "in my rooms" on public.chat_messages for select to authenticated using (
    sender = auth.uid()
    or exists (
        select
        from public.chat_room_members as mine
        where mine.room_id = chat_messages.room_id and mine.user_id = auth.uid() and mine.status = 'approved'
    )
);
create policy "to my rooms" on public.chat_messages for insert to authenticated with check (
    sender = auth.uid()
    and exists (
        select
        from public.chat_room_members as mine
        where mine.room_id = chat_messages.room_id and mine.user_id = auth.uid() and mine.status = 'approved'
    )
);
