--! Title: Participants of the first generation keyed to rooms whose ids are text
--! Set: acknowledge=public.chat_rooms.id
--! Quarantine: 1

-- Rooms were given readable ids, and every table pointed at them.
create table public.chat_rooms (
    id text primary key,
    type text,
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.conversation_participants (
    room_id text references public.chat_rooms (id) on delete cascade,
    user_id uuid
);
create table public.chat_messages (
    id bigserial primary key,
    room_id text references public.chat_rooms (id),
    sender_id uuid,
    content text,
    created_at timestamptz default now()
);

-- A conversation of two, and a group whose id never was a uuid.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
('00000000-0000-4000-8000-000000000001', 'dm', null, '00000000-0000-4000-8000-0000000000e1', '2025-03-01 10:00:00+00'),
('lobby', 'group', 'Lobby', '00000000-0000-4000-8000-0000000000e1', '2025-03-02 10:00:00+00');
insert into public.conversation_participants (room_id, user_id) values
('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000e1'),
('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000e2'),
('lobby', '00000000-0000-4000-8000-0000000000e3');
insert into public.chat_messages (room_id, sender_id, content, created_at) values
('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000e1', 'Just us two', '2025-03-03 10:00:00+00'),
('lobby', '00000000-0000-4000-8000-0000000000e3', 'Anybody here?', '2025-03-04 10:00:00+00');
