--! Title: Memberships have an id of their own, and those of a conversation of two move with a draft and a counter
--! Quarantine: 2

-- Something of the application may name a membership by its id, without a key. The table that these move to has none: the id is kept
-- in quarantine, with the row.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid references auth.users (id),
    created_at timestamptz default now()
);
create table public.chat_room_members (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid references auth.users (id) on delete cascade,
    role text not null default 'member',
    status text not null default 'approved',
    created_at timestamptz default now(),
    muted boolean default false,
    unread_count integer default 0,
    draft jsonb,
    unique (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.chat_rooms (id) on delete cascade,
    sender uuid references auth.users (id),
    content text not null,
    created_at timestamptz default now()
);
create table public.reminders (membership uuid not null, at timestamptz not null);

alter table public.reminders enable row level security;
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
create function public.is_in(room uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select from public.chat_room_members as mine
        where mine.room_id = room and mine.user_id = auth.uid() and mine.status = 'approved'
    )
$$;
create policy rooms_read on public.chat_rooms for select to authenticated using (public.is_in(id));
create policy rooms_make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
create policy members_read on public.chat_room_members for select to authenticated using (public.is_in(room_id));
create policy messages_read on public.chat_messages for select to authenticated using (public.is_in(room_id));
create policy messages_send on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.is_in(room_id));

insert into auth.users (id) select md5(name)::uuid from unnest('{ann,ben,cara}'::text[]) as person (name);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('two')::uuid, 'dm', null, md5('ben')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (id, room_id, user_id, role, created_at, muted, unread_count, draft) values
    (md5('ann in club')::uuid, md5('club')::uuid, md5('ann')::uuid, 'admin', '2025-01-01 00:00:00+00', true, 3, null),
    (md5('ben in club')::uuid, md5('club')::uuid, md5('ben')::uuid, 'member', '2025-01-01 00:00:00+00', false, 1, null),
    (md5('ben in two')::uuid, md5('two')::uuid, md5('ben')::uuid, 'member', '2025-01-02 00:00:00+00', true, 7, '{"text": "dear"}'),
    (md5('cara in two')::uuid, md5('two')::uuid, md5('cara')::uuid, 'member', '2025-01-02 00:00:00+00', false, 0, null);
insert into public.reminders (membership, at) values (md5('ben in two')::uuid, '2025-02-01 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'hello all', '2025-01-01 00:00:01+00'),
    (md5('two')::uuid, md5('cara')::uuid, 'psst', '2025-01-02 00:00:01+00');
