--! Title: Members read what was said since they joined
--! Expect: refuse 0A000

-- By columns that the fix knows, and does not compare: after it they would read what was said before.
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
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.rooms (id),
    sender uuid,
    content text not null,
    created_at timestamptz default now()
);
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy see on public.chat_rooms for select to authenticated using (exists (
    select
    from public.chat_room_members as mine
    where mine.room_id = chat_rooms.id and mine.user_id = auth.uid()
));
create policy see on public.chat_room_members for select to authenticated using (user_id = auth.uid());
create policy read on public.chat_messages for select to authenticated using (exists (
    select
    from public.chat_room_members as mine
    where mine.room_id = chat_messages.room_id
        and mine.user_id = auth.uid()
        and mine.created_at <= chat_messages.created_at
));
create policy send on public.chat_messages for insert to authenticated with check (
    sender = auth.uid()
    and exists (
        select
        from public.chat_room_members as mine
        where mine.room_id = chat_messages.room_id and mine.user_id = auth.uid()
    )
);

insert into public.rooms values (md5('news')::uuid);
insert into public.chat_rooms (id, title, created_by) values (md5('news')::uuid, 'News', md5('ann')::uuid);
insert into public.chat_room_members (room_id, user_id, role)
values (md5('news')::uuid, md5('ann')::uuid, 'admin'), (md5('news')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content) values (md5('news')::uuid, md5('ann')::uuid, 'we open at nine');
