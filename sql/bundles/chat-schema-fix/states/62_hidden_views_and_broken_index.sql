--! Title: Forced row level security, a view in front, old columns, repeated ids and an index that is not ready
--! Deployer: supabase_owner_no_bypass
--! Quarantine: 1

-- Every single wound is in another state, too. Together they hide one another: what cannot be seen seems to be whole.
create table public.chat_rooms (
    id uuid,
    type text,
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create view public.rooms as
select id, type as kind, null::text as slug, created_at from public.chat_rooms;
create table public.chat_room_members (
    room_id uuid,
    participant_id uuid,
    role text,
    status text,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id uuid,
    room_id uuid,
    author_id uuid,
    message text,
    created_at timestamptz default now()
);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club 1')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-03 00:00:00+00');
create unique index idx_chat_rooms_unique_group on public.chat_rooms (created_by, title) where type = 'group';
create unique index chat_messages_pkey on public.chat_messages (id);
reset role;
update pg_catalog.pg_index
set indisvalid = false, indisready = false
where indexrelid in ('public.idx_chat_rooms_unique_group'::regclass, 'public.chat_messages_pkey'::regclass);
set role supabase_owner_no_bypass;

-- What the two indexes would have refused, had they been at work.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club 2')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, participant_id, role, status, created_at) values
    (md5('club 1')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club 1')::uuid, md5('ben')::uuid, 'member', 'pending', '2025-01-01 00:00:00+00'),
    (md5('club 2')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('club 2')::uuid, md5('cara')::uuid, 'member', 'approved', '2025-01-02 00:00:00+00'),
    (md5('club 2')::uuid, md5('dan')::uuid, 'member', 'blocked', '2025-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ann')::uuid, null, 'approved', '2025-01-03 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, null, 'approved', '2025-01-03 00:00:00+00');
insert into public.chat_messages (id, room_id, author_id, message, created_at) values
    (md5('1')::uuid, md5('club 1')::uuid, md5('ann')::uuid, 'first club', '2025-01-01 01:00:00+00'),
    (md5('1')::uuid, md5('club 2')::uuid, md5('cara')::uuid, 'second club', '2025-01-02 01:00:00+00'),
    (null, md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-03 01:00:00+00'),
    (md5('2')::uuid, md5('gone')::uuid, md5('ben')::uuid, 'an orphan', '2025-01-04 01:00:00+00');
alter table public.chat_rooms enable row level security, force row level security;
alter table public.chat_room_members enable row level security, force row level security;
alter table public.chat_messages enable row level security, force row level security;
alter publication supabase_realtime add table public.chat_messages;
