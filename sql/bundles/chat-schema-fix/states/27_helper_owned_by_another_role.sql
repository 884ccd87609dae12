--! Title: A helper function owned by another role: cannot be repaired, must be refused
--! Expect: refuse 42501

-- The dashboard's support made one helper as another role. Only its owner may replace it; a policy stands on it.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club 1')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club 2')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club 1')::uuid, md5('ann')::uuid, 'still readable after the refusal', '2025-01-01 01:00:00+00');

reset role;
create function public.user_is_in_room(p_room_id uuid) returns boolean
language sql stable
as $$ select true $$;
alter function public.user_is_in_room(uuid) owner to legacy_owner;
set role supabase_owner;
