--! Title: An ordinary project whose members have neither status nor role, and whose owners add them

-- Whoever has a row is in: the application names no status, and knows owners by who created the room.
create table public.profiles (
    id uuid primary key references auth.users (id) on delete cascade,
    username text
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    title text not null,
    created_by uuid not null default auth.uid() references public.profiles (id) on delete cascade,
    created_at timestamptz not null default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null default auth.uid() references public.profiles (id) on delete cascade,
    created_at timestamptz not null default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null default auth.uid() references public.profiles (id) on delete cascade,
    content text not null,
    created_at timestamptz not null default now()
);

create function public.is_room_member(room uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$ select exists (select from public.chat_room_members where room_id = room and user_id = auth.uid()) $$;
create function public.is_room_owner(room uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$ select exists (select from public.chat_rooms where id = room and created_by = auth.uid()) $$;

alter table public.profiles enable row level security;
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy "view profiles" on public.profiles for select to authenticated using (true);
create policy "view rooms" on public.chat_rooms for select to authenticated using (public.is_room_member(id));
create policy "create rooms" on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
create policy "view members" on public.chat_room_members for select to authenticated using (public.is_room_member(room_id));
create policy "owner adds members" on public.chat_room_members for insert to authenticated with check (public.is_room_owner(room_id));
create policy "owner removes, or one leaves" on public.chat_room_members for delete to authenticated
using (public.is_room_owner(room_id) or user_id = auth.uid());
create policy "view messages" on public.chat_messages for select to authenticated using (public.is_room_member(room_id));
create policy "send messages" on public.chat_messages for insert to authenticated
with check (public.is_room_member(room_id) and sender = auth.uid());

insert into auth.users (id)
select md5(name)::uuid from unnest('{ada,ben,cat}'::text[]) as person (name);
insert into public.profiles (id, username)
select md5(name)::uuid, name from unnest('{ada,ben,cat}'::text[]) as person (name);
insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ada')::uuid);
insert into public.chat_room_members (room_id, user_id)
values (md5('club')::uuid, md5('ada')::uuid), (md5('club')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender, content)
values (md5('club')::uuid, md5('ada')::uuid, 'welcome'), (md5('club')::uuid, md5('ben')::uuid, 'hello');
