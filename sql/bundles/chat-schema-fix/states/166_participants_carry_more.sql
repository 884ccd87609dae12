--! Title: Participants of the first generation hid a conversation, muted it, and have a number of what they have not read
--! Set: acknowledge=public.conversation_participants.note
--! Quarantine: 0

-- Columns that the fix does not know come along to the table for the type of room. Nobody has left yet.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null default 'dm',
    slug text,
    created_by uuid references auth.users (id),
    created_at timestamptz default now()
);
create table public.conversation_participants (
    room_id uuid references public.rooms (id) on delete cascade,
    user_id uuid references auth.users (id) on delete cascade,
    joined_at timestamptz default now(),
    left_at timestamptz,
    hidden boolean not null default false,
    "mutedUntil" timestamptz,
    unread integer default 0,
    note text,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.rooms (id) on delete cascade,
    sender uuid references auth.users (id),
    content text,
    created_at timestamptz default now()
);
alter table public.rooms enable row level security;
alter table public.conversation_participants enable row level security;
alter table public.chat_messages enable row level security;
create function public.is_in(room uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select from public.conversation_participants as mine
        where mine.room_id = room and mine.user_id = auth.uid()
    )
$$;
create policy rooms_read on public.rooms for select to authenticated using (public.is_in(id));
create policy rooms_make on public.rooms for insert to authenticated with check (created_by = auth.uid());
create policy people_read on public.conversation_participants for select to authenticated using (user_id = auth.uid());
create policy messages_read on public.chat_messages for select to authenticated using (public.is_in(room_id));
create policy messages_send on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.is_in(room_id));

insert into auth.users (id) select md5(name)::uuid from unnest('{ann,ben,cara,dan}'::text[]) as person (name);
insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('two')::uuid, 'dm', 'dm:two', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('party')::uuid, 'group', 'party', md5('cara')::uuid, '2025-01-02 00:00:00+00');
insert into public.conversation_participants (room_id, user_id, joined_at, left_at, hidden, "mutedUntil", unread, note) values
    (md5('two')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00', null, false, null, 0, null),
    (md5('two')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00', null, true, '2030-01-01 00:00:00+00', 4, null),
    (md5('party')::uuid, md5('cara')::uuid, '2025-01-02 00:00:00+00', null, false, null, 2, 'mine'),
    (md5('party')::uuid, md5('dan')::uuid, '2025-01-02 00:00:00+00', null, true, null, 1, null);
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('two')::uuid, md5('ann')::uuid, 'm1', '2025-01-01 00:00:01+00'),
    (md5('party')::uuid, md5('cara')::uuid, 'm2', '2025-01-02 00:00:01+00');
