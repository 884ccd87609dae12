--! Title: Everybody reads the announcements, and only admins send
--! Expect: refuse 0A000

-- The rule is made of columns and words that the fix knows, and means something that its own rules do not: the fix must not let all
-- members send.
create table public.rooms (id uuid primary key);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id),
    user_id uuid,
    role text default 'member',
    status text default 'approved',
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.rooms (id),
    sender uuid,
    content text not null,
    created_at timestamptz default now()
);
create function public.my_rooms(wanted text default null) returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
    select room_id
    from public.chat_room_members
    where user_id = auth.uid()
        and status = 'approved'
        and (wanted is null or role = wanted)
$$;
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy members_see on public.chat_rooms for select to authenticated using (id in (select public.my_rooms()));
create policy members_see on public.chat_room_members for select to authenticated
using (room_id in (select public.my_rooms()));
create policy members_read on public.chat_messages for select to authenticated using (room_id in (select public.my_rooms()));
create policy admins_send on public.chat_messages for insert to authenticated
with check (sender = auth.uid() and room_id in (select public.my_rooms('admin')));

insert into public.rooms values (md5('news')::uuid);
insert into public.chat_rooms (id, title, created_by) values (md5('news')::uuid, 'News', md5('ann')::uuid);
insert into public.chat_room_members (room_id, user_id, role)
values (md5('news')::uuid, md5('ann')::uuid, 'admin'), (md5('news')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content) values (md5('news')::uuid, md5('ann')::uuid, 'we open at nine');
