--! Title: A restrictive policy keeps anonymous sign-ins out of rooms, by a claim of their tokens

-- It stays, and the fix's policies that look at a room ask what it asks.
create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid, created_at timestamptz default now());
create table public.chat_rooms (
    id uuid primary key,
    type text not null default 'group',
    title text,
    created_by uuid references auth.users (id),
    created_at timestamptz not null default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid references auth.users (id) on delete cascade,
    role text not null default 'member',
    status text not null default 'approved',
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid references auth.users (id),
    content text not null,
    created_at timestamptz not null default now()
);
alter table public.chat_rooms enable row level security;
create policy no_anonymous_users on public.chat_rooms as restrictive for select to authenticated
using (((auth.jwt() ->> 'is_anonymous')::boolean) is not true);

insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid);
insert into public.rooms (id, kind, slug, created_by, created_at)
values (md5('club')::uuid, 'group', 'club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_rooms (id, title, created_by, created_at)
values (md5('club')::uuid, 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, created_at)
values (md5('club')::uuid, md5('ann')::uuid, 'hello', '2025-01-01 01:00:00+00');
