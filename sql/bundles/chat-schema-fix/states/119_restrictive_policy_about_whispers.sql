--! Title: A restrictive policy shows a whisper only to whom it is for, and stays
--! Quarantine: 0

-- What a refusal advises: a condition of the application's own in a restrictive policy. Who is in the room reads what they read
-- before, and no whisper to others.
create table public.rooms (id uuid primary key);
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
    room_id uuid,
    sender uuid,
    content text not null,
    visible_to uuid[],
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
create policy send on public.chat_messages for insert to authenticated
with check (
    sender = auth.uid()
    and exists (
        select
        from public.chat_room_members as mine
        where mine.room_id = chat_messages.room_id and mine.user_id = auth.uid() and mine.status = 'approved'
    )
);
create policy whisper on public.chat_messages as restrictive for select to authenticated
using (visible_to is null or sender = auth.uid() or auth.uid() = any (visible_to));
-- What every token of Supabase says, also those of scenarios.
create policy signed_up on public.chat_messages as restrictive for insert to authenticated
with check ((select (auth.jwt() ->> 'is_anonymous')::boolean) is false);

insert into public.chat_rooms (id, title, created_by, created_at)
values (md5('club')::uuid, 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role)
values
    (md5('club')::uuid, md5('ann')::uuid, 'admin'),
    (md5('club')::uuid, md5('ben')::uuid, 'member'),
    (md5('club')::uuid, md5('cara')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, visible_to, created_at)
values
    (md5('club')::uuid, md5('ann')::uuid, 'welcome', null, '2025-01-01 01:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'between us, Ann', array[md5('ann')::uuid], '2025-01-01 02:00:00+00');
