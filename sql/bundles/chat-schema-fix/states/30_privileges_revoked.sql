--! Title: Privileges revoked from the application, and left wide open to anon
--! Quarantine: 0

-- Somebody answered "permission denied" with grants to everybody, somebody else answered that with revokes.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_at timestamptz not null default now()
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid not null references public.rooms (id) on delete cascade,
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);
create function public.user_is_in_room(p_room_id uuid) returns boolean
language sql stable security definer
as $$ select exists (select from public.room_members where room_id = p_room_id and user_id = auth.uid()) $$;

-- Nothing left for the application; a single column here, a grant option there; everything for anon and for public.
revoke all on public.chat_rooms, public.chat_room_members from authenticated, service_role;
revoke all on public.chat_messages, public.room_members from authenticated;
revoke all on sequence public.chat_messages_id_seq from authenticated, service_role;
revoke execute on function public.user_is_in_room(uuid) from authenticated, service_role;
grant execute on function public.user_is_in_room(uuid) to anon, public;
grant insert (content), update (content), select (content) on public.chat_messages to public;
grant all on public.room_members to public;
grant select, insert, update, delete on public.chat_rooms to anon with grant option;

insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', '2025-01-01 00:00:00+00');
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'blocked', '2025-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2025-01-01 01:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, 'all of us', '2025-01-02 01:00:00+00');
