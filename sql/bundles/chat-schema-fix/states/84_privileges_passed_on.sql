--! Title: Privileges granted with grant option, and passed on
--! Quarantine: 0

-- What somebody else granted its owner cannot simply revoke: "dependent privileges exist", or nothing at all happens.
create table public.rooms (
    id uuid primary key,
    kind text,
    slug text,
    created_at timestamptz default now()
);
create table public.chat_rooms (
    id uuid primary key,
    type text,
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid,
    user_id uuid,
    role text,
    status text
);
create table public.room_members (
    room_id uuid,
    user_id uuid
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid references public.rooms (id),
    sender uuid,
    content text,
    created_at timestamptz default now()
);

-- Signed-in users could pass on what they had, and did; so did an operator's role, to them and to visitors.
grant all on public.chat_messages, public.rooms to authenticated with grant option;
grant select on public.chat_room_members to service_role with grant option;
grant usage, update on sequence public.chat_messages_id_seq to authenticated with grant option;
create function public.user_is_in_room(room uuid) returns boolean language sql security definer as 'select true';
create function public.open_or_create_dm(partner uuid) returns uuid language sql security definer as 'select partner';
grant execute on function public.user_is_in_room(uuid), public.open_or_create_dm(uuid) to authenticated with grant option;

set role authenticated;
grant select, insert on public.chat_messages to anon with grant option;
grant select on public.chat_messages to public;
grant select on public.rooms to anon;
grant update on sequence public.chat_messages_id_seq to anon;
grant execute on function public.user_is_in_room(uuid), public.open_or_create_dm(uuid) to anon, public;
set role anon;
grant select on public.chat_messages to service_role;
set role service_role;
grant select on public.chat_room_members to anon, authenticated;
set role supabase_owner;
revoke all on public.room_members from authenticated;
grant select (room_id), insert (room_id, user_id) on public.room_members to public;
reset role;
revoke usage on schema public from public, authenticated, service_role;
set role supabase_owner;

-- Whatever its owner makes from now on is everybody's, in whichever schema.
alter default privileges grant usage on schemas to public, authenticated;
alter default privileges grant all on tables to anon, authenticated;
alter default privileges grant all on sequences to anon, authenticated;

insert into public.rooms (id, kind, slug) values
    (md5('club')::uuid, 'group', 'club'),
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben');
insert into public.chat_rooms (id, type, title, created_by) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid),
    (md5('ann+ben')::uuid, 'dm', null, md5('ann')::uuid);
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'blocked'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending');
insert into public.room_members (room_id, user_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender, content) values
    (md5('club')::uuid, md5('ann')::uuid, 'for the club'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us');
