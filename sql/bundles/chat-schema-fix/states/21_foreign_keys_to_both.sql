--! Title: Foreign keys to rooms and to chat_rooms at once, doubled, oddly named, not validated
--! Quarantine: 2

-- Each hotfix added a key and none removed one. A message is only accepted when its room is in both tables.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
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
create table public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (room_id, user_id),
    constraint room_members_room_id_fkey foreign key (room_id) references public.rooms (id) on delete cascade
);
create table public.chat_room_members (
    room_id uuid not null,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
    created_at timestamptz default now(),
    primary key (room_id, user_id),
    constraint chat_room_members_room_id_fkey foreign key (room_id) references public.chat_rooms (id),
    constraint "fk room" foreign key (room_id) references public.chat_rooms (id) on delete cascade
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);

insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'club', '2025-01-02 00:00:00+00');
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'pending', '2025-01-02 00:00:00+00');

-- One room only in rooms, one in both, and two messages of rooms that are nowhere.
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-01 01:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, 'all of us', '2025-01-02 01:00:00+00'),
    (md5('gone')::uuid, md5('ann')::uuid, 'none of us', '2025-01-03 01:00:00+00'),
    (md5('gone too')::uuid, md5('ben')::uuid, 'none of us', '2025-01-03 01:00:00+00');
alter table public.chat_messages
    add constraint chat_messages_room_id_fkey foreign key (room_id) references public.chat_rooms (id) not valid,
    add constraint chat_messages_room_id_fkey1 foreign key (room_id) references public.rooms (id) on delete cascade not valid,
    add constraint "Messages → rooms" foreign key (room_id) references public.rooms (id) on delete set null not valid,
    add constraint a_constraint_name_that_says_nothing foreign key (room_id) references public.chat_rooms (id) not valid;
