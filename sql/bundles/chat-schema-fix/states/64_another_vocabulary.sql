--! Title: Enums, another vocabulary, quoted names, deferrable rules and checks on words
--! Set: acknowledge=public.chat_room_members.it's "mine"
--! Set: acknowledge=public.chat_rooms.rooms; create table

-- Made with a schema designer by a team of many languages: nothing is called or typed as anywhere else.
create type public."Room Kind" as enum ('direct', 'channel', 'private');
create type public.member_role as enum ('owner', 'moderator', 'user');
create type public.member_state as enum ('approved', 'invited', 'left', 'banned');
create table public.profiles (
    id uuid primary key,
    "Full Name" text
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type public."Room Kind" not null default 'channel',
    name varchar(40),
    "Größe" integer not null default 0,
    created_by uuid constraint "Créateur" references public.profiles (id) on delete set null,
    created_at timestamp not null default timezone('utc', now())
);
create table public.chat_room_members (
    id uuid default gen_random_uuid() constraint "PK of members!" primary key,
    room_id uuid not null constraint "raum ""fk""" references public.chat_rooms (id) deferrable initially deferred,
    user_id uuid not null constraint chat_room_members_user_id_fkey references public.profiles (id),
    role public.member_role default 'user',
    status public.member_state not null default 'invited',
    constraint "einmal nur" unique (user_id, room_id) deferrable initially deferred
);
create table public.room_members (
    room_id uuid,
    user_id uuid
);
create table public.chat_messages (
    id bigint generated always as identity primary key,
    room_id uuid references public.chat_rooms (id) deferrable,
    sender uuid references public.profiles (id),
    content text constraint "nicht leer" check (content <> ''),
    "Länge" integer generated always as (length(content)) stored,
    attachment text,
    created_at timestamp default now(),
    check (content <> attachment)
);
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy "Users can view their chats! 😀 100%" on public.chat_messages for select using (true);
create policy "it's ""mine""" on public.chat_room_members for all to public using (user_id = auth.uid());
create policy "Users can send 😀" on public.chat_messages for insert with check (true);
create policy "rooms; create table" on public.chat_rooms for insert with check (true);
create policy "rooms; drop table" on public.chat_rooms for select using (type in ('channel', 'direct') or type is not null);
create index "Idx Members/Status" on public.chat_room_members (status) where status = 'approved';
create view public."Active Rooms" as select id, type, name from public.chat_rooms where name is not null;
create view public."Let in" as
select room_id, user_id, role from public.chat_room_members where status = any (array['approved']::public.member_state[]);
comment on column public.chat_rooms.name is 'what people see';

insert into public.profiles (id, "Full Name")
select md5(name)::uuid, name from unnest(array['ann', 'ben', 'cara', 'dan']) as name;
insert into public.chat_rooms (id, type, name, created_by, created_at) values
    (md5('channel')::uuid, 'channel', 'Channel', md5('ann')::uuid, '2025-01-01 00:00:00'),
    (md5('channel 2')::uuid, 'channel', 'channel ', md5('ann')::uuid, '2025-01-02 00:00:00'),
    (md5('ann+ben')::uuid, 'direct', null, md5('ben')::uuid, '2025-01-03 00:00:00'),
    (md5('private')::uuid, 'private', 'Private', null, '2025-01-04 00:00:00');
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('channel')::uuid, md5('ann')::uuid, 'owner', 'approved'),
    (md5('channel')::uuid, md5('ben')::uuid, 'user', 'approved'),
    (md5('channel')::uuid, md5('cara')::uuid, 'user', 'invited'),
    (md5('channel 2')::uuid, md5('dan')::uuid, 'user', 'approved'),
    (md5('private')::uuid, md5('cara')::uuid, 'user', 'approved'),
    (md5('private')::uuid, md5('dan')::uuid, 'user', 'banned');
insert into public.room_members (room_id, user_id)
values (md5('ann+ben')::uuid, md5('ann')::uuid), (md5('ann+ben')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender, content, attachment, created_at) values
    (md5('channel')::uuid, md5('ann')::uuid, 'welcome', null, '2025-01-01 01:00:00'),
    (md5('channel')::uuid, md5('ben')::uuid, null, null, '2025-01-01 02:00:00'),
    (md5('private')::uuid, md5('cara')::uuid, 'between us', 'photo.jpg', '2025-01-04 01:00:00'),
    (null, md5('cara')::uuid, 'into the void', null, '2025-01-04 02:00:00');
