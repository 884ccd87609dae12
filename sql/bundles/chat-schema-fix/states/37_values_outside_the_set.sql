--! Title: Types, roles and statuses that are null or outside the allowed set

-- No check ever held these back. A word that is not known must never be read as "approved" or "admin".
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text,
    title text,
    created_by uuid,
    created_at timestamptz,
    updated_at timestamptz
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text,
    status text,
    invited_by uuid,
    created_at timestamptz,
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    created_at timestamptz,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text,
    created_at timestamptz,
    updated_at timestamptz
);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'Group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('channel')::uuid, 'channel', 'News', md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('direct')::uuid, 'direct', null, md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('empty')::uuid, '', 'Empty', md5('ben')::uuid, null),
    (md5('null, two people')::uuid, null, null, null, null),
    (md5('null, titled')::uuid, null, 'Titled', md5('ben')::uuid, '2025-01-06 00:00:00+00');
insert into public.room_members (room_id, user_id) values
    (md5('direct')::uuid, md5('ann')::uuid),
    (md5('direct')::uuid, md5('ben')::uuid),
    (md5('null, two people')::uuid, md5('cara')::uuid),
    (md5('null, two people')::uuid, md5('dan')::uuid);
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'owner', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'ADMIN', 'Pending', '2025-01-01 00:00:01+00'),
    (md5('club')::uuid, md5('cara')::uuid, null, null, null),
    (md5('club')::uuid, md5('dan')::uuid, 'moderator', 'invited', '2025-01-01 00:00:03+00'),
    (md5('club')::uuid, md5('eve')::uuid, 'member', 'banned', '2025-01-01 00:00:04+00'),
    (md5('club')::uuid, md5('finn')::uuid, '', '', '2025-01-01 00:00:05+00'),
    (md5('channel')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('channel')::uuid, md5('dan')::uuid, 'member', 'requested', '2025-01-02 00:00:00+00'),
    (md5('empty')::uuid, md5('ben')::uuid, 'admin', 'approved', null),
    (md5('null, titled')::uuid, md5('ben')::uuid, 'admin', 'approved', null),
    (md5('null, titled')::uuid, md5('cara')::uuid, 'member', 'blocked ', null);
insert into public.chat_messages (room_id, sender, content, created_at, updated_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'hello', '2025-01-01 01:00:00+00', null),
    (md5('club')::uuid, md5('eve')::uuid, null, '2025-01-01 01:00:00+00', null),
    (md5('channel')::uuid, md5('ann')::uuid, 'no time', null, null),
    (md5('direct')::uuid, md5('ben')::uuid, 'just us', '-infinity', 'infinity'),
    (md5('empty')::uuid, md5('ben')::uuid, 'nothing', '0001-01-01 00:00:00+00 BC', '9999-12-31 23:59:59+00'),
    (md5('null, two people')::uuid, md5('cara')::uuid, 'what are we?', '2025-01-05 01:00:00+00', null),
    (md5('null, titled')::uuid, md5('ben')::uuid, 'a group', '2025-01-06 01:00:00+00', null);
