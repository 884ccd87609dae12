--! Title: Names of ours are borne by types, tables, checks and functions of others, and is_group is the type
--! Quarantine: 1

-- Whoever makes something under its usual name trips; whoever finds something under its usual name may be deceived.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    is_group boolean not null default true,
    title text,
    created_by uuid,
    created_at timestamptz,
    unique (created_by, title)
);
create table public.chat_room_members (
    room_id uuid,
    user_id uuid,
    role text default 'Admin',
    status text default 'approved',
    constraint chat_room_members_room_id_fkey check (room_id is not null),
    constraint chat_rooms_type_check check (user_id is not null),
    constraint chat_room_members_status_check unique (room_id, user_id, status)
);
create table public.room_members (
    room_id uuid,
    user_id uuid,
    constraint chat_messages_room_id_fkey unique (user_id, room_id)
);
create table public.chat_messages (
    id uuid default gen_random_uuid(),
    room_id uuid,
    sender uuid,
    content text,
    created_at timestamptz default now(),
    constraint room_members_pkey unique (id, created_at)
);
create type public.idx_chat_rooms_unique_group as (letter text);
create table public.chat_messages_pkey (id integer);
create sequence public.chat_room_members_pkey;
create function public.refuse_bad_words() returns trigger
language plpgsql
as $$
begin
    if new.content = 'bad' then
        raise exception 'no bad words';
    end if;
    return null;
end
$$;
create constraint trigger "bad words, later" after insert or update on public.chat_messages
    deferrable initially deferred for each row execute function public.refuse_bad_words();
create function public.chat_room_members_guard() returns trigger
language plpgsql
as $$ begin return new; end $$;

-- Rooms are made elsewhere.
alter table public.chat_rooms enable row level security;
create policy seen on public.chat_rooms for select using (true);

insert into public.chat_rooms (id, is_group, title, created_by, created_at) values
    (md5('pair')::uuid, true, 'A group of two', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('pair 2')::uuid, true, 'a group of two', md5('ann')::uuid, null),
    (md5('ann+ben')::uuid, false, null, md5('ben')::uuid, '-infinity');
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('pair')::uuid, md5('ann')::uuid, 'Admin', 'approved'),
    (md5('pair')::uuid, md5('ben')::uuid, 'member', 'approved'),
    (md5('pair 2')::uuid, md5('cara')::uuid, 'member', 'approved'),
    (md5('ann+ben')::uuid, md5('ann')::uuid, null, 'approved'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, null, 'approved');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('pair')::uuid, md5('ann')::uuid, 'the two of us', '2025-01-01 01:00:00+00'),
    (md5('pair 2')::uuid, md5('cara')::uuid, 'me alone', 'infinity'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', null);
