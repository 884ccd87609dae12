--! Title: The first generation: messages keyed to rooms, chat_rooms never made
--! Quarantine: 0

-- Everything lives under the first names. Nothing is wrong inside it, so nothing may be lost, moved to quarantine or opened.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind in ('dm', 'group')),
    slug text unique,
    title text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.rooms (id) on delete cascade,
    participant_id uuid not null,
    inserted_at timestamptz not null default now(),
    primary key (room_id, participant_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid not null references public.rooms (id) on delete cascade,
    sender_id uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
create index rooms_created_by_idx on public.rooms (created_by);
create index participants_rooms_idx on public.conversation_participants (participant_id);
create index chat_messages_room_created_idx on public.chat_messages (room_id, created_at desc);

-- Its policies read the participants directly, and anybody may make a room in anybody's name.
alter table public.rooms enable row level security;
alter table public.conversation_participants enable row level security;
alter table public.chat_messages enable row level security;
create policy "select rooms I am in" on public.rooms for select using (
    exists (
        select from public.conversation_participants as participant
        where participant.room_id = rooms.id and participant.participant_id = auth.uid()
    )
);
create policy "insert rooms" on public.rooms for insert with check (true);
create policy "select my participation" on public.conversation_participants
    for select using (participant_id = auth.uid());
create policy "insert myself into room" on public.conversation_participants
    for insert with check (participant_id = auth.uid());
create policy "select msgs in my rooms" on public.chat_messages for select using (
    exists (
        select from public.conversation_participants as participant
        where participant.room_id = chat_messages.room_id and participant.participant_id = auth.uid()
    )
);
create policy "insert my msgs" on public.chat_messages for insert with check (
    sender_id = auth.uid()
    and exists (
        select from public.conversation_participants as participant
        where participant.room_id = chat_messages.room_id and participant.participant_id = auth.uid()
    )
);

-- Two conversations, a group, and a group of one.
insert into public.rooms (id, kind, slug, title, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', null, md5('ann')::uuid, '2024-02-29 23:59:59.999999+00'),
    (md5('ann+cara')::uuid, 'dm', 'dm:ann:cara', null, null, '2024-03-01 08:00:00+07'),
    (md5('tuesday')::uuid, 'group', 'tuesday-roll-up', 'Tuesday roll-up', md5('ben')::uuid, '2024-03-02 08:00:00+07'),
    (md5('alone')::uuid, 'group', 'alone', 'Notes to self', md5('dan')::uuid, '2024-03-03 08:00:00+07');
insert into public.conversation_participants (room_id, participant_id, inserted_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2024-02-29 23:59:59+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2024-02-29 23:59:59+00'),
    (md5('ann+cara')::uuid, md5('ann')::uuid, '2024-03-01 01:00:00+00'),
    (md5('ann+cara')::uuid, md5('cara')::uuid, '2024-03-01 01:00:00+00'),
    (md5('tuesday')::uuid, md5('ann')::uuid, '2024-03-02 01:00:00+00'),
    (md5('tuesday')::uuid, md5('ben')::uuid, '2024-03-02 01:00:00+00'),
    (md5('tuesday')::uuid, md5('cara')::uuid, '2024-03-02 01:00:00+00'),
    (md5('alone')::uuid, md5('dan')::uuid, '2024-03-03 01:00:00+00');
insert into public.chat_messages (room_id, sender_id, content, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'Tee time at 7:10?', '2024-03-01 08:00:00+07'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'Yes.', '2024-03-01 08:00:00+07'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'Yes.', '2024-03-01 08:00:00+07'),
    (md5('ann+cara')::uuid, md5('cara')::uuid, '', '2024-03-01 09:00:00+07'),
    (md5('tuesday')::uuid, md5('ben')::uuid, E'Line one\nline two', '2024-03-05 05:30:00.123456+07'),
    (md5('tuesday')::uuid, md5('cara')::uuid, '🏌️‍♀️ see you there', '2024-03-05 05:31:00+07'),
    (md5('tuesday')::uuid, md5('eve')::uuid, 'I left the group, my words did not', '2024-03-05 05:32:00+07'),
    (md5('alone')::uuid, md5('dan')::uuid, 'Buy balls', '1999-12-31 23:59:59+00');
