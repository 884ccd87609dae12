--! Title: Realtime publishes all tables: none can be added, all are in it
--! Quarantine: 0

-- A publication for all tables refuses `add table`; what has no key in it refuses updates and deletes.
reset role;
drop publication supabase_realtime;
create publication supabase_realtime for all tables;
alter publication supabase_realtime owner to supabase_admin;
set role supabase_owner;
create table public.chat_rooms (
    id uuid,
    type text,
    title text,
    created_by uuid,
    created_at timestamptz
);
create table public.chat_room_members (
    room_id uuid,
    user_id uuid,
    role text,
    status text,
    created_at timestamptz
);
create table public.chat_messages (
    id uuid,
    room_id uuid,
    sender uuid,
    content text,
    created_at timestamptz
);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club too')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club too')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (null, md5('club')::uuid, md5('ann')::uuid, 'hello', '2025-01-01 01:00:00+00'),
    (md5('1')::uuid, md5('club')::uuid, md5('ben')::uuid, 'hello', '2025-01-01 01:00:00+00'),
    (md5('1')::uuid, md5('club too')::uuid, md5('ann')::uuid, 'anybody?', '2025-01-02 01:00:00+00');
