--! Title: Only the creator of a room removes members, and there are other admins
--! Expect: refuse 0A000

-- The admins moderate elsewhere. With the fix each of them could remove and block members.
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
    room_id uuid references public.chat_rooms (id),
    sender uuid,
    content text not null,
    created_at timestamptz default now()
);
alter table public.chat_room_members enable row level security;
create policy own on public.chat_room_members for select to authenticated using (user_id = auth.uid());
create policy remove on public.chat_room_members for delete to authenticated
using (
    user_id = auth.uid()
    or exists (
        select
        from public.chat_rooms as room
        where room.id = chat_room_members.room_id and room.created_by = auth.uid()
    )
);

insert into public.chat_rooms (id, title, created_by, created_at)
values (md5('club')::uuid, 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role)
values
    (md5('club')::uuid, md5('ann')::uuid, 'admin'),
    (md5('club')::uuid, md5('ben')::uuid, 'admin'),
    (md5('club')::uuid, md5('cara')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, created_at)
values (md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-01-01 01:00:00+00');
