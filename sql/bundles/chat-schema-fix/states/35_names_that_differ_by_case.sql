--! Title: Groups whose names differ by case, spaces and accents, or are empty or missing
--! Quarantine: 0
--! Set: acknowledge=public.chat_rooms.title

-- To the people who read the list the first four are one group; to Postgres they are four.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm' check (type in ('dm', 'group')),
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
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('1')::uuid, 'group', 'Early birds', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('2')::uuid, 'group', 'early birds', md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('3')::uuid, 'group', 'Early birds ', md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('4')::uuid, 'group', E' EARLY\tBIRDS', md5('ann')::uuid, '2025-01-04 00:00:00+00'),
    (md5('5')::uuid, 'group', 'Early birds (2)', md5('ann')::uuid, '2025-01-05 00:00:00+00'),
    (md5('6')::uuid, 'group', U&'caf\00e9', md5('ann')::uuid, '2025-01-06 00:00:00+00'),
    (md5('7')::uuid, 'group', U&'cafe\0301', md5('ann')::uuid, '2025-01-07 00:00:00+00'),
    (md5('8')::uuid, 'group', '', md5('ben')::uuid, '2025-01-08 00:00:00+00'),
    (md5('9')::uuid, 'group', ' ', md5('ben')::uuid, '2025-01-09 00:00:00+00'),
    (md5('10')::uuid, 'group', null, md5('ben')::uuid, '2025-01-10 00:00:00+00'),
    (md5('11')::uuid, 'group', null, md5('ben')::uuid, '2025-01-11 00:00:00+00'),
    (md5('12')::uuid, 'group', 'Orphaned', null, '2025-01-12 00:00:00+00'),
    (md5('13')::uuid, 'group', 'Orphaned', null, '2025-01-13 00:00:00+00');

-- Each has its own member and its own message: whatever becomes of the names, nobody may end up in another's group.
insert into public.chat_room_members (room_id, user_id, role, status, created_at)
select id, md5('reader of ' || id)::uuid, 'member', 'approved', created_at from public.chat_rooms;
insert into public.chat_messages (room_id, sender, content, created_at)
select id, md5('reader of ' || id)::uuid, 'only for the readers of ' || id, created_at from public.chat_rooms;
