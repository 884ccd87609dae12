--! Title: Tables that the API's own roles own: no policy counts for an owner
--! Quarantine: 0

-- Somebody met "permission denied" and "violates row-level security policy", and made both go away for good.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null check (type in ('dm', 'group')),
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text not null default 'member' check (role in ('admin', 'member')),
    status text not null default 'pending' check (status in ('approved', 'pending', 'blocked')),
    invited_by uuid,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);

insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'ann-ben', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid);
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'blocked');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'between us', '2025-02-01 00:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, 'members only', '2025-02-02 00:00:00+00');

reset role;
grant create on schema public to anon, authenticated;
alter table public.rooms owner to authenticated;
alter table public.chat_rooms owner to authenticated;
alter table public.chat_room_members owner to authenticated;
alter table public.room_members owner to anon;
alter table public.chat_messages owner to authenticated;
revoke create on schema public from anon, authenticated;
