--! Title: The unique index is there, and invalid: duplicates slipped in behind it
--! Quarantine: 0

-- `create unique index concurrently` failed on the duplicates and left its index behind, which nobody noticed.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
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
create unique index idx_chat_rooms_unique_group on public.chat_rooms (created_by, title) where type = 'group';
create index idx_chat_messages_sender on public.chat_messages (sender);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club 1')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');

-- Only a superuser can make in a moment what a failed concurrent build makes in an hour.
reset role;
update pg_catalog.pg_index
set indisvalid = false, indisready = false
where indexrelid in ('public.idx_chat_rooms_unique_group'::regclass, 'public.idx_chat_messages_sender'::regclass);
set role supabase_owner;

-- An index that is not ready is not written to: the copy goes in.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club 2')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club 1')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club 1')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club 2')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('club 2')::uuid, md5('cara')::uuid, 'member', 'approved', '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club 1')::uuid, md5('ben')::uuid, 'in the first', '2025-01-01 01:00:00+00'),
    (md5('club 2')::uuid, md5('cara')::uuid, 'in the second', '2025-01-02 01:00:00+00');
