--! Title: Everybody lists the rooms and joins, and memberships say nothing but who is where

-- Whoever has a row is in, and a client that joins names no status: after the fix it asks, and waits. Admins' and creators' rows let in
-- whom they add, as before.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text not null,
    created_by uuid default auth.uid(),
    created_at timestamptz not null default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    muted boolean not null default false,
    created_at timestamptz not null default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null default auth.uid(),
    content text not null,
    created_at timestamptz not null default now()
);
insert into auth.users (id) select md5(name)::uuid from unnest(array['ann', 'ben', 'cat']) as name;
insert into public.chat_rooms (id, title, created_by) values
    (md5('lobby')::uuid, 'Lobby', md5('ann')::uuid),
    (md5('chess')::uuid, 'Chess', md5('ben')::uuid);
insert into public.chat_room_members (room_id, user_id) values
    (md5('lobby')::uuid, md5('ann')::uuid),
    (md5('lobby')::uuid, md5('ben')::uuid),
    (md5('chess')::uuid, md5('ben')::uuid),
    (md5('chess')::uuid, md5('cat')::uuid);
insert into public.chat_messages (room_id, sender, content) values
    (md5('lobby')::uuid, md5('ann')::uuid, 'hello'),
    (md5('chess')::uuid, md5('cat')::uuid, 'e4');

create function public.in_room(room uuid) returns boolean
language sql
stable
security definer
set search_path = public
as $$ select exists (select from chat_room_members where room_id = room and user_id = auth.uid()) $$;
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy listed on public.chat_rooms for select to authenticated using (true);
create policy made on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
create policy seen on public.chat_room_members for select to authenticated using (public.in_room(room_id));
create policy joined on public.chat_room_members for insert to authenticated with check (user_id = auth.uid());
create policy muted on public.chat_room_members for update to authenticated using (user_id = auth.uid());
create policy left_by on public.chat_room_members for delete to authenticated using (user_id = auth.uid());
create policy heard on public.chat_messages for select to authenticated using (public.in_room(room_id));
create policy sent on public.chat_messages for insert to authenticated with check (public.in_room(room_id) and sender = auth.uid());
