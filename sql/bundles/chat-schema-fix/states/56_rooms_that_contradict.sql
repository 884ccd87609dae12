--! Title: One room in both tables, a group in the one and a conversation in the other

-- Copied by hand, then changed on one side. Whatever is believed, nobody reads more than before and nobody less.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    title text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.rooms (id) on delete cascade,
    profile_id uuid not null,
    joined_at timestamptz not null default now(),
    primary key (room_id, profile_id)
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
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

-- A conversation that became a group, a group that says it is a conversation, and two groups of one name, one in each table.
insert into public.rooms (id, kind, slug, title, created_by, created_at) values
    (md5('grown')::uuid, 'dm', 'dm:ann:ben', null, md5('ann')::uuid, '2024-01-01 00:00:00+00'),
    (md5('shrunk')::uuid, 'group', 'four', 'Four', md5('ben')::uuid, '2024-01-02 00:00:00+00'),
    (md5('old name')::uuid, 'group', 'captains', 'Captains', md5('cara')::uuid, '2024-01-03 00:00:00+00');
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('grown')::uuid, 'group', 'Ann, Ben & friends', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('shrunk')::uuid, 'dm', null, md5('ben')::uuid, '2025-01-02 00:00:00+00'),
    (md5('new name')::uuid, 'group', 'Captains', md5('cara')::uuid, '2025-01-03 00:00:00+00');
insert into public.conversation_participants (room_id, profile_id, joined_at) values
    (md5('grown')::uuid, md5('ann')::uuid, '2024-01-01 00:00:00+00'),
    (md5('grown')::uuid, md5('ben')::uuid, '2024-01-01 00:00:00+00'),
    (md5('shrunk')::uuid, md5('ben')::uuid, '2024-01-02 00:00:00+00'),
    (md5('shrunk')::uuid, md5('cara')::uuid, '2024-01-02 00:00:00+00'),
    (md5('shrunk')::uuid, md5('dan')::uuid, '2024-01-02 00:00:00+00'),
    (md5('old name')::uuid, md5('cara')::uuid, '2024-01-03 00:00:00+00'),
    (md5('old name')::uuid, md5('eve')::uuid, '2024-01-03 00:00:00+00');

-- Ben is blocked in what his conversation became; Finn waits there.
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('grown')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('grown')::uuid, md5('ben')::uuid, 'member', 'blocked', '2025-01-01 00:00:00+00'),
    (md5('grown')::uuid, md5('finn')::uuid, 'member', 'pending', '2025-01-01 00:00:00+00'),
    (md5('new name')::uuid, md5('cara')::uuid, 'admin', 'approved', '2025-01-03 00:00:00+00'),
    (md5('new name')::uuid, md5('dan')::uuid, 'member', 'approved', '2025-01-03 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('grown')::uuid, md5('ann')::uuid, 'more and more of us', '2025-01-01 01:00:00+00'),
    (md5('shrunk')::uuid, md5('dan')::uuid, 'four of us', '2024-01-02 01:00:00+00'),
    (md5('old name')::uuid, md5('eve')::uuid, 'for the captains of last year', '2024-01-03 01:00:00+00'),
    (md5('new name')::uuid, md5('dan')::uuid, 'for the captains of this year', '2025-01-03 01:00:00+00');

-- The right key to the right table, and it has never looked at what was there before it.
alter table public.chat_messages
    add constraint chat_messages_room_id_fkey foreign key (room_id) references public.chat_rooms (id)
    on delete cascade not valid;
