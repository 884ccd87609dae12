--! Title: A trigger of Postgres is told the name of a column, and a function forgets who wrote
--! Quarantine: 0

-- The column of the words gets another name, and so does that of the sender: what is told the former one, or
-- writes it, goes on.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null default 'group',
    name text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid,
    role text not null default 'member',
    status text not null default 'approved',
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender_id uuid,
    message text not null,
    words tsvector,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create trigger words before insert or update on public.chat_messages
    for each row execute function tsvector_update_trigger(words, 'pg_catalog.simple', message);

create function public.forget_me() returns void
language sql security definer set search_path = ''
as $$ update public.chat_messages set sender_id = null where sender_id = auth.uid() $$;

insert into public.chat_rooms (id, kind, name, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin'),
    (md5('club')::uuid, md5('cara')::uuid, 'member');
insert into public.room_members (room_id, user_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender_id, message, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-01-01 01:00:00+00'),
    (md5('club')::uuid, null, 'cara has come in', '2025-01-01 02:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-02 01:00:00+00');
