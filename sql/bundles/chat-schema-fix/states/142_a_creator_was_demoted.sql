--! Title: Admins decide who is in a group, by a helper: one demoted the creator of a group and has left, in another two decide
--! Set: acknowledge=public.chat_room_members.insert

-- A creator who is a member by what somebody wrote stays one, and is no admin because the group has none. Where the creator is an admin, the
-- other one decides about them no more.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group' check (type in ('dm', 'group')),
    title text,
    created_by uuid default auth.uid() references auth.users (id) on delete set null,
    created_at timestamptz not null default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role text not null default 'member' check (role in ('admin', 'member')),
    status text not null default 'approved' check (status in ('approved', 'pending', 'blocked')),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid references auth.users (id),
    content text not null,
    created_at timestamptz not null default now()
);
create function public.is_member(room uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select
        from public.chat_room_members as member
        where member.room_id = room and member.user_id = auth.uid() and member.status = 'approved'
    )
$$;
create function public.is_admin(room uuid) returns boolean
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
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy rooms_of_mine on public.chat_rooms for select to authenticated using (public.is_member(id));
create policy create_rooms on public.chat_rooms for insert to authenticated with check (created_by = auth.uid() and type = 'group');
create policy see_members on public.chat_room_members for select to authenticated using (user_id = auth.uid() or public.is_member(room_id));
create policy ask_to_join on public.chat_room_members for insert to authenticated
with check (user_id = auth.uid() and status = 'pending' and role = 'member');
create policy admins_add on public.chat_room_members for insert to authenticated with check (public.is_admin(room_id));
create policy admins_decide on public.chat_room_members for update to authenticated using (public.is_admin(room_id));
create policy leave_or_remove on public.chat_room_members for delete to authenticated
using (user_id = auth.uid() and status <> 'blocked' or public.is_admin(room_id));
create policy read_messages on public.chat_messages for select to authenticated using (public.is_member(room_id));
create policy send_messages on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.is_member(room_id));

insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid), (md5('cleo')::uuid), (md5('dan')::uuid);
insert into public.chat_rooms (id, title, created_by, created_at)
values
    (md5('lunch')::uuid, 'Lunch', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('run')::uuid, 'Run', md5('dan')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status)
values
    (md5('lunch')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('lunch')::uuid, md5('ben')::uuid, 'admin', 'approved'),
    (md5('lunch')::uuid, md5('cleo')::uuid, 'member', 'approved'),
    (md5('run')::uuid, md5('dan')::uuid, 'member', 'approved'),
    (md5('run')::uuid, md5('ben')::uuid, 'member', 'approved'),
    (md5('run')::uuid, md5('cleo')::uuid, 'member', 'pending');
insert into public.chat_messages (room_id, sender, content, created_at)
values
    (md5('lunch')::uuid, md5('ann')::uuid, 'at noon?', '2025-01-01 01:00:00+00'),
    (md5('run')::uuid, md5('dan')::uuid, 'at seven', '2025-01-02 01:00:00+00');
