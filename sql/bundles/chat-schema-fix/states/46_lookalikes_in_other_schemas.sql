--! Title: Tables, indexes, functions and policies of the same names in other schemas
--! Quarantine: 1

-- Whoever looks names up without their schema finds these, and finds them in order.
reset role;
create schema archive authorization supabase_owner;
create schema "Public" authorization supabase_owner;
set role supabase_owner;
create table archive.chat_rooms (
    id uuid constraint chat_rooms_pkey primary key,
    type text,
    title text,
    created_by uuid
);
create unique index idx_chat_rooms_unique_group on archive.chat_rooms (created_by, title) where type = 'group';
create table archive.chat_messages (
    id uuid constraint chat_messages_pkey primary key,
    room_id uuid not null constraint chat_messages_room_id_fkey references archive.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null
);
create table archive.rooms (id uuid primary key);
create table "Public".room_members (room_id uuid, user_id uuid);
create function archive.user_is_in_room(uuid) returns boolean
language sql stable security definer
as $$ select true $$;
alter table archive.chat_messages enable row level security;
create policy chat_messages_select_members on archive.chat_messages for select to authenticated
    using (archive.user_is_in_room(room_id));
alter publication supabase_realtime add table archive.chat_messages;
insert into archive.chat_rooms (id, type, title, created_by) values
    (md5('archived')::uuid, 'group', 'Club', md5('ann')::uuid);
insert into archive.chat_messages (id, room_id, sender, content) values
    (md5('archived')::uuid, md5('archived')::uuid, md5('ann')::uuid, 'leave me where I am');

-- Ours has none of it. The archived room does not count as a room: the message that names it belongs nowhere.
create table public.chat_rooms (
    id uuid,
    type text,
    title text,
    created_by uuid,
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
    (md5('club 2')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (md5('1')::uuid, md5('club')::uuid, md5('ann')::uuid, 'one', '2025-01-01 01:00:00+00'),
    (md5('2')::uuid, md5('club 2')::uuid, md5('ann')::uuid, 'two', '2025-01-02 01:00:00+00'),
    (md5('3')::uuid, md5('archived')::uuid, md5('ann')::uuid, 'of an archived room', '2025-01-03 01:00:00+00');
