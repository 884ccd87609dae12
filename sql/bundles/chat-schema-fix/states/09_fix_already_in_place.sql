--! Title: Everything already right, under names of its own, and in use
--! Quarantine: 0

-- Somebody did it by hand and well. Rows, keys and values are as wanted; what is left to do must not disturb them.
create table public.chat_rooms (
    id uuid not null default gen_random_uuid(),
    type text not null default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint chat_rooms_pkey primary key (id),
    constraint chat_rooms_type_check check (type in ('dm', 'group'))
);
create table public.chat_room_members (
    room_id uuid not null,
    user_id uuid not null,
    role text not null default 'member',
    status text not null default 'approved',
    invited_by uuid,
    created_at timestamptz not null default now(),
    constraint chat_room_members_pkey primary key (room_id, user_id),
    constraint chat_room_members_room_id_fkey foreign key (room_id) references public.chat_rooms (id) on delete cascade,
    constraint chat_room_members_role_check check (role in ('admin', 'member')),
    constraint chat_room_members_status_check check (status in ('approved', 'pending', 'blocked'))
);
create table public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    constraint room_members_pkey primary key (room_id, user_id),
    constraint room_members_room_id_fkey foreign key (room_id) references public.chat_rooms (id) on delete cascade
);
create table public.chat_messages (
    id uuid not null default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint chat_messages_pkey primary key (id),
    constraint chat_messages_room_id_fkey foreign key (room_id) references public.chat_rooms (id) on delete cascade
);
create unique index idx_chat_rooms_unique_group on public.chat_rooms (created_by, title) where type = 'group';
create index idx_chat_messages_room on public.chat_messages (room_id, created_at desc);
create index idx_chat_messages_sender on public.chat_messages (sender);
create index idx_chat_messages_created on public.chat_messages (created_at desc);
create index idx_chat_room_members_room on public.chat_room_members (room_id);
create index idx_chat_room_members_user on public.chat_room_members (user_id);
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.room_members enable row level security;
alter table public.chat_messages enable row level security;
alter publication supabase_realtime add table public.chat_messages;

-- A helper exactly as the guide wants it, with a policy that needs it.
create function public.user_is_in_room(p_room_id uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select
        exists (select from public.room_members where room_id = p_room_id and user_id = auth.uid())
        or exists (
            select from public.chat_room_members
            where room_id = p_room_id and user_id = auth.uid() and status = 'approved'
        )
$$;
revoke execute on function public.user_is_in_room(uuid) from public, anon;
create policy chat_messages_select on public.chat_messages for select to authenticated
    using (public.user_is_in_room(room_id));
create policy chat_messages_insert on public.chat_messages for insert to authenticated
    with check (sender = auth.uid() and public.user_is_in_room(room_id));

insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-10-01 00:00:00+00', '2025-10-02 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', 'Direct Message', md5('ann')::uuid, '2025-10-03 00:00:00+00', '2025-10-03 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, invited_by, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', md5('ann')::uuid, '2025-10-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved', md5('ann')::uuid, '2025-10-01 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending', null, '2025-10-01 00:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'blocked', null, '2025-10-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-10-03 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-10-03 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at, updated_at) values
    (md5('1')::uuid, md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-10-01 01:00:00+00', '2025-10-01 01:00:00+00'),
    (md5('2')::uuid, md5('club')::uuid, md5('ben')::uuid, 'edited', '2025-10-01 02:00:00+00', '2025-10-01 03:00:00+00'),
    (md5('3')::uuid, md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-10-03 01:00:00+00', '2025-10-03 01:00:00+00');
