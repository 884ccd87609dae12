--! Title: A sender's name, an empty text or no room's word in the column that counts, and the truth beside it
--! Set: acknowledge=public.chat_rooms.id
--! Quarantine: 9

-- `sender` was what people see, `content` came with an empty default, and rooms are known by words that settings point at.
create table public.chat_rooms (
    id text primary key default gen_random_uuid()::text,
    type text default 'channel',
    title text,
    created_by text,
    parent_id text references public.chat_rooms (id),
    created_at timestamp default current_timestamp,
    updated_at timestamp default localtimestamp
);
create table public.chat_room_members (
    room_id text references public.chat_rooms (id) on delete cascade,
    user_id uuid,
    role text default 'guest',
    status text default 'joined',
    created_at timestamp default current_timestamp,
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id text references public.chat_rooms (id) on delete cascade,
    user_id uuid,
    primary key (room_id, user_id)
);
create table public.room_settings (
    room_id text primary key references public.chat_rooms (id) on delete cascade,
    theme text
);
create view public.themes as
select settings.room_id, settings.theme, room.title
from public.room_settings as settings
join public.chat_rooms as room
    on room.id = settings.room_id;
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id text default 'general',
    chat_id text,
    sender varchar(20),
    from_user uuid,
    content text not null default '',
    message text,
    created_at timestamp default current_timestamp
);

insert into public.chat_rooms (id, type, title, created_by, parent_id, created_at) values
    ('lobby', 'channel', 'Lobby', md5('ann'), null, '2025-01-01 00:00:00'),
    (md5('ann+ben')::uuid::text, 'dm', null, md5('ann'), null, '2025-01-02 00:00:00'),
    ('corner', 'group', 'Corner', md5('ann'), 'lobby', '2025-01-03 00:00:00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    ('lobby', md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00'),
    ('lobby', md5('cara')::uuid, 'guest', 'approved', '2025-01-01 00:00:00'),
    ('lobby', md5('dan')::uuid, 'guest', 'pending', '2025-01-01 00:00:00'),
    ('corner', md5('ann')::uuid, 'admin', 'approved', '2025-01-03 00:00:00');
insert into public.room_members (room_id, user_id) values
    (md5('ann+ben')::uuid::text, md5('ann')::uuid),
    (md5('ann+ben')::uuid::text, md5('ben')::uuid);
insert into public.room_settings (room_id, theme) values ('lobby', 'dark'), (md5('ann+ben')::uuid::text, 'light');

-- Two copies for the names, one for the message of nobody; the last is of no room.
insert into public.chat_messages (room_id, chat_id, sender, from_user, content, message, created_at) values
    ('lobby', null, 'Ann', md5('ann')::uuid, '', 'welcome', '2025-01-01 01:00:00'),
    ('general', 'lobby', null, md5('cara')::uuid, 'new words', 'old words', '2025-01-01 02:00:00'),
    ('general', '{' || upper(md5('ann+ben')::uuid::text) || '}', 'Ben', md5('ben')::uuid, '', 'just us', '2025-01-02 01:00:00'),
    ('lobby', 'lobby', 'Somebody', null, 'said by a name', null, '2025-01-02 02:00:00'),
    ('general', null, null, md5('ann')::uuid, 'into the void', null, '2025-01-02 03:00:00');
