--! Title: Messages numbered by a sequence that belongs to a role the deployer is no member of
--! Quarantine: 0

-- It may be drawn from, but neither read nor set forward: "permission denied for sequence".
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
create table public.chat_messages (
    id bigint,
    room_id uuid,
    sender uuid,
    content text,
    created_at timestamptz default now()
);
reset role;
create sequence public.message_numbers start 3;
alter sequence public.message_numbers owner to legacy_owner;
grant usage on sequence public.message_numbers to supabase_owner, authenticated;
set role supabase_owner;
alter table public.chat_messages alter column id set default nextval('public.message_numbers');

insert into public.chat_rooms (id, type, title, created_by) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid);
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'pending');
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (1, md5('club')::uuid, md5('ann')::uuid, 'first', '2025-01-01 01:00:00+00'),
    (2, md5('club')::uuid, md5('ann')::uuid, 'second', '2025-01-01 02:00:00+00'),
    (null, md5('club')::uuid, md5('ann')::uuid, 'without a number', '2025-01-01 03:00:00+00'),
    (9, md5('club')::uuid, md5('ben')::uuid, 'from before he was asked to wait', '2025-01-01 04:00:00+00');
