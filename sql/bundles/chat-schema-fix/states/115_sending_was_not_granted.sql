--! Title: Everybody reads, and nobody was granted to send or to let anybody in: a server does
--! Expect: refuse 0A000

-- The policies are there, and the privileges are not: only the service role writes.
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
alter table public.chat_messages enable row level security;
create policy read on public.chat_messages for select to authenticated
using (
    exists (
        select
        from public.chat_room_members as mine
        where mine.room_id = chat_messages.room_id and mine.user_id = auth.uid() and mine.status = 'approved'
    )
);
create policy send on public.chat_messages for insert to authenticated with check (sender = auth.uid());
revoke insert, update, delete on public.chat_messages from authenticated;

insert into public.chat_rooms (id, title, created_by, created_at)
values (md5('club')::uuid, 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, created_at)
values (md5('club')::uuid, md5('ann')::uuid, 'we are closed on Sundays', '2025-01-01 01:00:00+00');
