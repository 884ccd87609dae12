--! Title: Everything is published, and what hangs on an orphan has no key
--! Quarantine: 2

-- A table that is published refuses deletes while nothing identifies its rows: also those that a key of its own brings about.
create table public.chat_rooms (
    id uuid primary key,
    type text default 'dm' check (type in ('dm', 'group')),
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid,
    sender uuid,
    content text,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.reactions (
    message_id uuid not null references public.chat_messages (id) on delete cascade,
    emoji text not null
);

-- A message of no room, which somebody liked, and one that is as it should be.
insert into public.chat_rooms (id, type, title, created_by) values
('1d274626-3723-8846-b8a4-5a244953f6b7', 'group', 'Club', '00000000-0000-4000-8000-0000000000f1');
insert into public.chat_messages (id, room_id, sender, content, created_at) values
('4fce6432-6221-41a2-86dc-c5557e824cf3', null, '00000000-0000-4000-8000-0000000000f1', 'Lost', '2025-03-01 00:00:00+00'),
(
    '4fce6432-6221-41a2-86dc-c5557e824cf4', '1d274626-3723-8846-b8a4-5a244953f6b7',
    '00000000-0000-4000-8000-0000000000f1', 'Found', '2025-03-02 00:00:00+00'
);
insert into public.reactions (message_id, emoji) select id, 'heart' from public.chat_messages;

-- Only a superuser publishes all tables.
reset role;
drop publication supabase_realtime;
create publication supabase_realtime for all tables;
set role supabase_owner;
