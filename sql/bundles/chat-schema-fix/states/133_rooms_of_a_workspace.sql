--! Title: A restrictive policy shows rooms of one's workspace, which the application's functions do not name
--! Expect: refuse 0A000

-- What create_group_room makes would be in no workspace, and nobody would see it.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid,
    org_id integer,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid,
    role text not null default 'member',
    status text not null default 'approved',
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id),
    sender uuid,
    content text not null,
    created_at timestamptz default now()
);
alter table public.chat_rooms enable row level security;
create policy read on public.chat_rooms for select to authenticated using (true);
create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
create policy of_my_workspace on public.chat_rooms as restrictive to authenticated
using (org_id = ((select auth.jwt()) ->> 'org_id')::integer);

insert into public.chat_rooms (id, title, created_by, created_at, org_id)
values (md5('club')::uuid, 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00', 1);
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, created_at)
values (md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-01-01 01:00:00+00');
