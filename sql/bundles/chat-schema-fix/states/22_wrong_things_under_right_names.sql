--! Title: The right names on the wrong things: keys, checks, primary key, policies

-- Whoever looks for names finds everything in order.
create table public.chat_rooms (
    id uuid default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint chat_rooms_id_key unique (id),
    constraint chat_rooms_pkey primary key (id, type),
    constraint chat_rooms_type_check check (
        type in ('dm', 'group') or length(type) < 8
    )
);
create table public.chat_room_members (
    id bigserial,
    room_id uuid not null,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
    created_at timestamptz default now(),
    constraint chat_room_members_pkey primary key (id),
    constraint chat_room_members_room_id_fkey foreign key (room_id) references public.chat_rooms (id) on delete restrict,
    constraint chat_room_members_status_check check (status in ('approved', 'pending', 'blocked') or length(status) = 6),
    constraint chat_room_members_role_check check (role <> '')
);
create table public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    created_at timestamptz default now(),
    constraint room_members_room_id_fkey check (room_id is not null),
    constraint room_members_pkey primary key (room_id, user_id, created_at)
);
create table public.chat_messages (
    id uuid not null default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    reply_to uuid,
    constraint chat_messages_pkey unique (id),
    constraint chat_messages_room_id_fkey foreign key (reply_to) references public.chat_messages (id) on delete set null,
    constraint chat_messages_key primary key (room_id, id),
    constraint messages_of_rooms foreign key (room_id) references public.chat_rooms (id) on delete no action
);
alter table public.chat_messages enable row level security;
alter table public.room_members enable row level security;
create policy chat_messages_select_members on public.chat_messages for select to public using (true);
create policy chat_messages_insert_members on public.chat_messages for insert to public with check (true);
create policy room_members_select_own on public.room_members for all to authenticated using (true) with check (true);
create policy room_members_read_own_rooms on public.room_members as restrictive for select to authenticated using (user_id is not null);

insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00', '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-02 00:00:00+00', '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, invited_by, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', null, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'pending', null, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'blocked', null, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'blocked', null, '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at, reply_to) values
    (md5('1')::uuid, md5('club')::uuid, md5('ann')::uuid, 'question', '2025-01-01 01:00:00+00', null),
    (md5('2')::uuid, md5('club')::uuid, md5('ann')::uuid, 'answer', '2025-01-01 02:00:00+00', md5('1')::uuid),
    (md5('3')::uuid, md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-02 01:00:00+00', null);
