--! Title: An ordinary project: rooms that are groups by a boolean, members and messages without rules, and unread counters
--! Quarantine: 1

-- A room's type is said by a boolean alone, in the table of the first generation, and its members are in room_members.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    is_group boolean default false,
    created_by uuid references auth.users (id),
    created_at timestamptz default now()
);
create table public.room_members (
    room_id uuid references public.rooms (id),
    user_id uuid references auth.users (id),
    role text default 'member',
    unread integer not null default 0
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid,
    user_id uuid references auth.users (id),
    content text not null,
    created_at timestamptz default now()
);

insert into auth.users (id) select md5(name)::uuid from unnest('{ann,ben}'::text[]) as person (name);
insert into public.rooms (id, name, is_group, created_by, created_at) values
    (md5('club')::uuid, 'Club', true, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('two')::uuid, 'Ann and Ben', false, md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id, role, unread) values
    (md5('club')::uuid, md5('ann')::uuid, 'owner', 0),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 1),
    (md5('two')::uuid, md5('ann')::uuid, 'member', 0),
    (md5('two')::uuid, md5('ben')::uuid, 'member', 0);
insert into public.chat_messages (room_id, user_id, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'hello', '2025-01-01 00:00:01+00'),
    (md5('two')::uuid, md5('ben')::uuid, 'hi Ann', '2025-01-02 00:00:01+00');
