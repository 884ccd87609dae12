--! Title: Only the server of the application read messages, and kept back what was taken back
--! Expect: refuse 0A000

-- Row level security without a policy lets nobody read. What the server asked for, no rule says: members would read it.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid references auth.users (id),
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid references auth.users (id),
    role text default 'member',
    status text default 'approved',
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.chat_rooms (id) on delete cascade,
    sender uuid references auth.users (id),
    content text not null,
    edited_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz default now()
);
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;

insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid);
insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, deleted_at)
values (md5('club')::uuid, md5('ann')::uuid, 'hello', null), (md5('club')::uuid, md5('ben')::uuid, 'never mind', '2025-01-01 00:00:00+00');
