--! Title: The first generation, fixed by an owner who does not bypass row level security
--! Deployer: supabase_owner_no_bypass
--! Quarantine: 1

-- An owner is past the policies of his own tables as long as they are not forced; his functions run with these rights.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind in ('dm', 'group')),
    slug text unique,
    title text,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.rooms (id) on delete cascade,
    participant_id uuid not null,
    inserted_at timestamptz not null default now(),
    primary key (room_id, participant_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid not null,
    sender_id uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
alter table public.rooms enable row level security;
alter table public.conversation_participants enable row level security;
alter table public.chat_messages enable row level security;
create policy "select my participation" on public.conversation_participants
    for select using (participant_id = auth.uid());
create policy "insert rooms" on public.rooms for insert with check (true);

insert into public.rooms (id, kind, slug, title, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', null, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'club', 'Club', '2025-01-02 00:00:00+00'),
    (md5('club 2')::uuid, 'group', 'club-2', 'Club', '2025-01-03 00:00:00+00');
insert into public.conversation_participants (room_id, participant_id, inserted_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('club 2')::uuid, md5('cara')::uuid, '2025-01-03 00:00:00+00');
insert into public.chat_messages (room_id, sender_id, content, created_at) values
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-01 01:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, 'first club', '2025-01-02 01:00:00+00'),
    (md5('club 2')::uuid, md5('cara')::uuid, 'second club', '2025-01-03 01:00:00+00'),
    (md5('gone')::uuid, md5('ann')::uuid, 'an orphan', '2025-01-04 01:00:00+00');
