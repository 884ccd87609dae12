--! Title: A helper under the fix's name asks for admins, and a table of others asks it who may read its rows
--! Expect: refuse 0A000

-- The fix replaces the helper by one that says yes to every member: they would read what the admins keep for themselves.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid,
    role text default 'member',
    status text default 'approved',
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.chat_rooms (id),
    sender uuid,
    content text not null,
    created_at timestamptz default now()
);
create table public.reports (
    room_id uuid,
    about text
);
alter table public.reports enable row level security;
create function public.user_is_group_member(room uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select
        from public.chat_room_members as member
        where member.room_id = room and member.user_id = auth.uid() and member.status = 'approved' and member.role = 'admin'
    )
$$;
create policy of_my_rooms on public.reports for select to authenticated using (public.user_is_group_member(room_id));

insert into public.chat_rooms (id, type, title, created_by, created_at)
values (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, created_at)
values (md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-01-01 01:00:00+00');
insert into public.reports (room_id, about) values (md5('club')::uuid, 'what ben wrote');
