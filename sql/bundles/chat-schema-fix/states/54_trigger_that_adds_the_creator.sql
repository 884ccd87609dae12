--! Title: A trigger that makes whoever creates a room its admin
--! Quarantine: 0

-- A tutorial's trigger. It also fires when the fix moves old rooms over, and when create_group_room adds the creator.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_by uuid,
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
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);

-- The old conversation has no creator, which the trigger cannot bear; Ann, who made the club, is no admin of it.
insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('eve''s')::uuid, 'group', 'eves', md5('eve')::uuid, '2024-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', null, '2024-01-02 00:00:00+00');
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('eve''s')::uuid, md5('cara')::uuid, '2024-01-01 00:00:00+00'),
    (md5('eve''s')::uuid, md5('dan')::uuid, '2024-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2024-01-02 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2024-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('eve''s')::uuid, md5('dan')::uuid, 'eve''s group', '2024-01-01 01:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us', '2024-01-02 01:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, 'all of us', '2025-01-01 01:00:00+00');

create function public.add_creator_as_admin() returns trigger
language plpgsql
security definer
set search_path = public
as $$
begin
    insert into chat_room_members (room_id, user_id, role) values (new.id, new.created_by, 'admin');
    return new;
end
$$;
create trigger on_room_created after insert on public.chat_rooms
    for each row execute function public.add_creator_as_admin();
