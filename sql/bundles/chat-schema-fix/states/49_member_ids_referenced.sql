--! Title: Memberships with an id of their own, to which another table's foreign key points
--! Quarantine: 0

-- The primary key has to become (room_id, user_id), and the key of the others has to go on standing.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.chat_room_members (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text not null default 'member',
    status text not null default 'approved',
    created_at timestamptz not null default now(),
    constraint chat_room_members_room_user_key unique (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
create table public.membership_fees (
    member_id uuid not null constraint membership_fees_member_id_fkey
        references public.chat_room_members (id) on delete cascade,
    year integer not null,
    paid boolean not null default false,
    primary key (member_id, year)
);

insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (id, room_id, user_id, role, status, created_at) values
    (md5('m1')::uuid, md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('m2')::uuid, md5('club')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('m3')::uuid, md5('club')::uuid, md5('cara')::uuid, 'member', 'pending', '2025-01-01 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ben')::uuid, 'fees are due', '2025-01-01 01:00:00+00');
insert into public.membership_fees (member_id, year, paid) values
    (md5('m1')::uuid, 2025, true),
    (md5('m2')::uuid, 2025, false);
