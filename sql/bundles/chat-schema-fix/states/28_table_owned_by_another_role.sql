--! Title: chat_messages owned by another role: cannot be repaired, must be refused
--! Expect: refuse 42501

-- Restored from a dump by somebody else. Reading and writing were granted back, owning was not.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_at timestamptz not null default now()
);
insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', '2025-01-01 00:00:00+00');

reset role;
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid,
    sender uuid,
    content text,
    created_at timestamptz default now()
);
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'keyed to rooms', '2025-01-01 01:00:00+00'),
    (md5('gone')::uuid, md5('ben')::uuid, 'an orphan that must not be touched', '2025-01-02 01:00:00+00');
alter table public.chat_messages owner to legacy_owner;
grant all on public.chat_messages to supabase_owner;
set role supabase_owner;
