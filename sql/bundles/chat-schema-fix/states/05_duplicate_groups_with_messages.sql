--! Title: The same group two and three times, messages and members on every side
--! Quarantine: 0

-- A double click made the group twice and both copies were used. Nothing ties the tables together yet but the keys.
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
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

-- Somebody else's table hangs on the copies: deleting one would silently take these rows along.
create table public.tee_times (
    id integer primary key,
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    starts_at timestamptz not null
);

-- Ann's `Lunch` twice, at the same instant; her `Lunch (2)` is taken, so a new name needs thought. Ben may have a `Lunch`.
insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at) values
    (md5('lunch 1')::uuid, 'group', 'Lunch', md5('ann')::uuid, '2025-05-01 12:00:00+00', '2025-05-01 12:00:00+00'),
    (md5('lunch 2')::uuid, 'group', 'Lunch', md5('ann')::uuid, '2025-05-01 12:00:00+00', '2025-05-03 12:00:00+00'),
    (md5('taken')::uuid, 'group', 'Lunch (2)', md5('ann')::uuid, '2025-05-02 12:00:00+00', null),
    (md5('ben''s lunch')::uuid, 'group', 'Lunch', md5('ben')::uuid, '2025-05-01 12:00:00+00', null),
    (md5('vets 1')::uuid, 'group', 'Vets', md5('cara')::uuid, '2025-05-05 12:00:00+00', null),
    (md5('vets 2')::uuid, 'group', 'Vets', md5('cara')::uuid, '2025-05-06 12:00:00+00', null),
    (md5('vets 3')::uuid, 'group', 'Vets', md5('cara')::uuid, '2025-05-07 12:00:00+00', null),
    (md5('dm 1')::uuid, 'dm', 'Direct Message', md5('ann')::uuid, '2025-05-08 12:00:00+00', null),
    (md5('dm 2')::uuid, 'dm', 'Direct Message', md5('ann')::uuid, '2025-05-09 12:00:00+00', null);

-- Dan is in one Lunch and blocked in the other, Eve waits in one and belongs to the other: neither may gain or lose.
insert into public.chat_room_members (room_id, user_id, role, status, invited_by, created_at) values
    (md5('lunch 1')::uuid, md5('ann')::uuid, 'admin', 'approved', md5('ann')::uuid, '2025-05-01 12:00:00+00'),
    (md5('lunch 1')::uuid, md5('ben')::uuid, 'member', 'approved', md5('ann')::uuid, '2025-05-01 12:00:00+00'),
    (md5('lunch 1')::uuid, md5('dan')::uuid, 'member', 'approved', md5('ann')::uuid, '2025-05-01 12:00:00+00'),
    (md5('lunch 1')::uuid, md5('eve')::uuid, 'member', 'pending', null, '2025-05-01 12:00:00+00'),
    (md5('lunch 2')::uuid, md5('ann')::uuid, 'admin', 'approved', md5('ann')::uuid, '2025-05-01 12:00:00+00'),
    (md5('lunch 2')::uuid, md5('cara')::uuid, 'admin', 'approved', md5('ann')::uuid, '2025-05-01 12:00:00+00'),
    (md5('lunch 2')::uuid, md5('dan')::uuid, 'member', 'blocked', md5('ann')::uuid, '2025-05-01 12:00:00+00'),
    (md5('lunch 2')::uuid, md5('eve')::uuid, 'member', 'approved', md5('ann')::uuid, '2025-05-01 12:00:00+00'),
    (md5('taken')::uuid, md5('ann')::uuid, 'admin', 'approved', null, '2025-05-02 12:00:00+00'),
    (md5('ben''s lunch')::uuid, md5('ben')::uuid, 'admin', 'approved', null, '2025-05-01 12:00:00+00'),
    (md5('vets 1')::uuid, md5('cara')::uuid, 'admin', 'approved', null, '2025-05-05 12:00:00+00'),
    (md5('vets 2')::uuid, md5('cara')::uuid, 'admin', 'approved', null, '2025-05-06 12:00:00+00'),
    (md5('vets 2')::uuid, md5('finn')::uuid, 'member', 'pending', null, '2025-05-06 12:00:00+00'),
    (md5('vets 3')::uuid, md5('finn')::uuid, 'member', 'approved', null, '2025-05-07 12:00:00+00');

-- The same words at the same instant in both copies are two messages.
insert into public.chat_messages (room_id, sender, content, created_at, updated_at) values
    (md5('lunch 1')::uuid, md5('ben')::uuid, 'pad thai', '2025-05-01 12:05:00+00', '2025-05-01 12:05:00+00'),
    (md5('lunch 1')::uuid, md5('ann')::uuid, 'yes', '2025-05-01 12:06:00+00', null),
    (md5('lunch 2')::uuid, md5('ann')::uuid, 'yes', '2025-05-01 12:06:00+00', null),
    (md5('lunch 2')::uuid, md5('eve')::uuid, 'only for the second lunch', '2025-05-01 12:07:00+00', null),
    (md5('ben''s lunch')::uuid, md5('ben')::uuid, 'mine', '2025-05-01 12:08:00+00', null),
    (md5('vets 1')::uuid, md5('cara')::uuid, 'one', '2025-05-05 13:00:00+00', null),
    (md5('vets 3')::uuid, md5('finn')::uuid, 'three', '2025-05-07 13:00:00+00', null);
insert into public.tee_times (id, room_id, starts_at) values
    (1, md5('lunch 1')::uuid, '2025-05-01 06:30:00+00'),
    (2, md5('lunch 2')::uuid, '2025-05-02 06:30:00+00'),
    (3, md5('vets 2')::uuid, '2025-05-06 06:30:00+00');
