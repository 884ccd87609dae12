--! Title: Application functions of four generations, overloaded, with other arguments and results
--! Quarantine: 0

-- A call by argument names must meet exactly one of them, and today some meet two and others none.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text not null unique,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.room_members (
    room_id uuid not null references public.rooms (id) on delete cascade,
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);

-- The generation that took the other person only, and those that returned a bare id, two columns, and json.
create function public.ensure_direct_conversation(other_user uuid) returns uuid
language sql security definer as $$ select id from public.rooms limit 1 $$;
create function public.ensure_direct_conversation(me uuid, partner uuid) returns table (room_id uuid, room_slug text)
language sql security definer as $$ select id, slug from public.rooms limit 1 $$;
create function public.ensure_direct_conversation(partner text, me text) returns uuid
language sql security definer as $$ select id from public.rooms limit 1 $$;
create function public.open_or_create_dm(partner uuid) returns table (room_id uuid)
language sql security definer as $$ select id from public.rooms limit 1 $$;
create function public.open_or_create_dm(partner uuid, create_missing boolean default true) returns json
language sql security definer as $$ select json_build_object('id', partner) $$;

-- Groups: another order of the same types, then without defaults, then with the name first.
create function public.create_group_room(p_creator uuid, p_name text, p_member_ids uuid[], p_is_private boolean default false)
returns uuid
language sql security definer as $$ select p_creator $$;
create function public.create_group_room(p_name text, p_creator uuid, p_member_ids uuid[]) returns uuid
language sql security definer as $$ select p_creator $$;
create function public.create_group_room(creator uuid, is_private boolean, member_ids uuid[], name text) returns void
language sql security definer as $$ select $$;
create procedure public.create_group_room(p_name text) language sql as $$ select $$;

-- Helpers: another argument name, another result, a second argument with a default, another type, the caller's rights.
create function public.user_is_room_member(room uuid) returns integer language sql stable as $$ select 1 $$;
create function public.user_is_group_member(r uuid) returns boolean language sql stable as $$ select true $$;
create function public.user_is_group_admin(p_room_id uuid, p_user_id uuid default null) returns boolean
language sql stable security definer as $$ select true $$;
create function public.user_is_in_room(p_room_id text) returns boolean language sql immutable as $$ select true $$;

-- Ours by name only: another schema, another kind of argument. Nobody asked for a change here.
reset role;
create schema club authorization supabase_owner;
set role supabase_owner;
create function club.create_group_room(p_name text) returns text language sql as $$ select p_name $$;
create function public.create_group_room_report() returns text language sql as $$ select 'untouched'::text $$;

insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-01 01:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'all of us', '2025-01-02 01:00:00+00');
