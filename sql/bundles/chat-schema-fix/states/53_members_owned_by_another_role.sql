--! Title: Only the last table is owned by another role: everything before it must be left as it was
--! Expect: refuse 42501

-- Much could be repaired here before the refusal comes; none of it may remain.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_at timestamptz not null default now()
);
create table public.chat_messages (
    id uuid,
    room_id uuid references public.rooms (id),
    sender_id uuid,
    message text,
    created_at timestamptz default now()
);
insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', '2025-01-01 00:00:00+00');
insert into public.chat_messages (id, room_id, sender_id, message, created_at) values
    (null, md5('ann+ben')::uuid, md5('ann')::uuid, 'hello', '2025-01-01 01:00:00+00'),
    (md5('1')::uuid, null, md5('ben')::uuid, 'an orphan', '2025-01-02 01:00:00+00');

reset role;
create table public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    created_at timestamptz default now()
);
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00');
alter table public.room_members owner to legacy_owner;
grant all on public.room_members to supabase_owner, authenticated;
set role supabase_owner;
