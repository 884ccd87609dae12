--! Title: Text ids in the old tables, uuids in the new, guarded messages, duplicates across both
--! Platform: supabase_explicit_grants
--! Quarantine: 2

-- The second generation changed the type of ids and copied half of the rooms; messages kept the text, and a guard.
create table public.rooms (
    id text primary key,
    kind text not null,
    slug text,
    title text,
    created_by text,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id text not null references public.rooms (id) on delete cascade,
    profile_id text not null,
    joined_at timestamptz not null default now(),
    primary key (room_id, profile_id)
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    created_at timestamptz default now()
);
create table public.chat_messages (
    id bigint,
    room_id text,
    sender_id text,
    message text,
    created_at timestamptz default now()
);
grant select on public.rooms, public.conversation_participants to authenticated;
grant select, insert on public.chat_messages to authenticated;

-- `both` is in both tables, written in two ways; the Ladies are a group in each, with other ids and other readers.
insert into public.rooms (id, kind, slug, title, created_by, created_at) values
    (upper(md5('both')::uuid::text), 'group', 'both', 'Both', md5('ann')::uuid::text, '2024-01-01 00:00:00+00'),
    (md5('ladies 1')::uuid::text, 'group', 'ladies', 'Ladies', md5('cara')::uuid::text, '2024-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid::text, 'dm', 'dm:ann:ben', null, null, '2024-01-03 00:00:00+00');
insert into public.conversation_participants (room_id, profile_id, joined_at) values
    (upper(md5('both')::uuid::text), md5('ann')::uuid::text, '2024-01-01 00:00:00+00'),
    (upper(md5('both')::uuid::text), upper(md5('dan')::uuid::text), '2024-01-01 00:00:00+00'),
    (md5('ladies 1')::uuid::text, md5('eve')::uuid::text, '2024-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid::text, md5('ann')::uuid::text, '2024-01-03 00:00:00+00'),
    (md5('ann+ben')::uuid::text, md5('ben')::uuid::text, '2024-01-03 00:00:00+00');
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('both')::uuid, 'group', 'Both', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ladies 2')::uuid, 'group', 'Ladies', md5('cara')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('both')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('both')::uuid, md5('finn')::uuid, 'member', 'pending', '2025-01-01 00:00:00+00'),
    (md5('ladies 2')::uuid, md5('cara')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00');
insert into public.chat_messages (id, room_id, sender_id, message, created_at) values
    (1, upper(md5('both')::uuid::text), md5('dan')::uuid::text, 'written to the old id', '2024-01-01 01:00:00+00'),
    (1, md5('both')::uuid::text, md5('ann')::uuid::text, 'written to the new id', '2025-01-01 01:00:00+00'),
    (2, md5('ladies 1')::uuid::text, md5('eve')::uuid::text, 'first ladies', '2024-01-02 01:00:00+00'),
    (3, md5('ladies 2')::uuid::text, md5('cara')::uuid::text, 'second ladies', '2025-01-02 01:00:00+00'),
    (null, md5('ann+ben')::uuid::text, md5('ben')::uuid::text, 'just us', '2024-01-03 01:00:00+00'),
    (5, md5('gone')::uuid::text, md5('ben')::uuid::text, 'its room is gone', '2024-01-04 01:00:00+00'),
    (6, '', md5('ben')::uuid::text, 'its room was never there', '2024-01-05 01:00:00+00');

-- Nothing may change here, says the guard; the log of what was tried is somebody else's.
create function public.guard_messages() returns trigger
language plpgsql
as $$
begin
    raise exception 'messages are append-only' using errcode = '23001';
end
$$;
create trigger guard_messages before update or delete on public.chat_messages
    for each row execute function public.guard_messages();
