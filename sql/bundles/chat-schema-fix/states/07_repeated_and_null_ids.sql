--! Title: No primary key: message ids repeated and null, identical rows among them

-- An import ran twice into a table that had lost its key. Every row has a room, a sender and a text: all of them stay.
create table public.chat_rooms (
    id uuid,
    type text,
    title text,
    created_by uuid,
    created_at timestamptz,
    updated_at timestamptz
);
create table public.chat_room_members (
    room_id uuid,
    user_id uuid,
    role text,
    status text,
    invited_by uuid,
    created_at timestamptz
);
create table public.chat_messages (
    id uuid,
    room_id uuid,
    sender uuid,
    content text,
    created_at timestamptz,
    updated_at timestamptz
);

-- One room is there twice, word for word; the other once.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-03-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-03-01 00:00:00+00'),
    (md5('range')::uuid, 'group', 'Range', md5('ben')::uuid, '2025-03-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-03-01 00:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-03-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'pending', '2025-03-01 00:00:00+00'),
    (md5('range')::uuid, md5('ben')::uuid, 'admin', 'approved', '2025-03-02 00:00:00+00');

-- One id on two different messages, one on three alike, two without any id, and one in order.
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (md5('1')::uuid, md5('club')::uuid, md5('ann')::uuid, 'first', '2025-03-01 01:00:00+00'),
    (md5('1')::uuid, md5('range')::uuid, md5('ben')::uuid, 'other words, other room', '2025-03-02 01:00:00+00'),
    (md5('2')::uuid, md5('club')::uuid, md5('ben')::uuid, 'ok', '2025-03-01 02:00:00+00'),
    (md5('2')::uuid, md5('club')::uuid, md5('ben')::uuid, 'ok', '2025-03-01 02:00:00+00'),
    (md5('2')::uuid, md5('club')::uuid, md5('ben')::uuid, 'ok', '2025-03-01 02:00:00+00'),
    (null, md5('club')::uuid, md5('ann')::uuid, 'no id', '2025-03-01 03:00:00+00'),
    (null, md5('club')::uuid, md5('ann')::uuid, 'no id', '2025-03-01 03:00:00+00'),
    (md5('3')::uuid, md5('range')::uuid, md5('ben')::uuid, 'in order', '2025-03-02 03:00:00+00');
