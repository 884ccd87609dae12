--! Title: Rooms whose ids are slugs, not uuids at all
--! Set: acknowledge=public.rooms.id

-- The very first prototype: the room's id *is* its name. The room exists, so its messages must stay attached to it.
create table public.rooms (
    id text primary key,
    kind text not null default 'group',
    slug text,
    title text,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id text not null references public.rooms (id) on delete cascade,
    participant_id uuid not null,
    primary key (room_id, participant_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id text not null references public.rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);

insert into public.rooms (id, kind, slug, title, created_at) values
    ('general', 'group', 'general', 'General', '2023-01-01 00:00:00+00'),
    ('dm:ann:ben', 'dm', 'dm:ann:ben', null, '2023-01-02 00:00:00+00'),
    (md5('club')::uuid::text, 'group', 'club', 'Club', '2023-01-03 00:00:00+00');
insert into public.conversation_participants (room_id, participant_id) values
    ('general', md5('ann')::uuid),
    ('general', md5('cara')::uuid),
    ('dm:ann:ben', md5('ann')::uuid),
    ('dm:ann:ben', md5('ben')::uuid),
    (md5('club')::uuid::text, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender, content, created_at) values
    ('general', md5('ann')::uuid, 'first!', '2023-01-01 01:00:00+00'),
    ('general', md5('cara')::uuid, 'second', '2023-01-01 02:00:00+00'),
    ('dm:ann:ben', md5('ben')::uuid, 'psst', '2023-01-02 01:00:00+00'),
    (md5('club')::uuid::text, md5('ben')::uuid, 'a proper id', '2023-01-03 01:00:00+00');
