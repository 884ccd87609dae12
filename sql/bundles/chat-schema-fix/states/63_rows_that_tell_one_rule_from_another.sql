--! Title: Rows that tell one rule from another: whoever decides by the wrong one shows it here
--! Quarantine: 5

-- No row of this is strange by itself; each would pass under some rule that is almost the right one.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id uuid not null,
    participant_id uuid not null,
    status text not null default 'approved',
    joined_at timestamptz not null default now()
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid,
    user_id uuid,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.message_reactions (
    message_id uuid not null references public.chat_messages (id) on delete cascade,
    user_id uuid not null,
    emoji text not null
);

-- A group whose creator was thrown out, one whose creator never was a member, and three people in a conversation.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('coup')::uuid, 'group', 'Coup', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('three')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('absent')::uuid, 'group', 'absent', md5('finn')::uuid, '2025-01-03 00:00:00+00'),
    (md5('three')::uuid, 'dm', 'dm:three', md5('ann')::uuid, '2025-01-02 00:00:00+00');

-- Blocked and approved at once, and a word for a role that is none, on somebody who was let in.
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('coup')::uuid, md5('ann')::uuid, 'member', 'blocked', '2025-01-01 01:00:00+00'),
    (md5('coup')::uuid, md5('ben')::uuid, 'visitor', 'approved', '2025-01-01 02:00:00+00'),
    (md5('coup')::uuid, md5('cara')::uuid, 'member', 'approved', '2025-01-01 03:00:00+00'),
    (md5('coup')::uuid, md5('cara')::uuid, 'member', 'blocked', '2025-01-01 04:00:00+00'),
    (md5('absent')::uuid, md5('dan')::uuid, 'admin', 'approved', '2025-01-03 01:00:00+00');

-- Who only asked to be in the conversation, and who was put out of it, stand beside the three.
insert into public.conversation_participants (room_id, participant_id, status, joined_at) values
    (md5('three')::uuid, md5('ann')::uuid, 'approved', '2025-01-02 01:00:00+00'),
    (md5('three')::uuid, md5('ben')::uuid, 'approved', '2025-01-02 01:00:00+00'),
    (md5('three')::uuid, md5('cara')::uuid, 'approved', '2025-01-02 01:00:00+00'),
    (md5('three')::uuid, md5('dan')::uuid, 'pending', '2025-01-02 02:00:00+00'),
    (md5('three')::uuid, md5('eve')::uuid, 'blocked', '2025-01-02 03:00:00+00');

-- An orphan, and reactions that hang on it; the key that came later looked at neither.
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (md5('1')::uuid, md5('coup')::uuid, md5('ben')::uuid, 'she is gone', '2025-01-01 05:00:00+00'),
    (md5('5')::uuid, md5('absent')::uuid, md5('dan')::uuid, 'she never came', '2025-01-03 02:00:00+00'),
    (md5('2')::uuid, md5('three')::uuid, md5('ann')::uuid, 'only us three', '2025-01-02 04:00:00+00'),
    (md5('3')::uuid, md5('gone')::uuid, md5('ann')::uuid, 'lost', '2025-01-02 05:00:00+00'),
    (md5('4')::uuid, md5('coup')::uuid, md5('ann')::uuid, 'my own words', '2025-01-01 00:30:00+00');
insert into public.message_reactions (message_id, user_id, emoji) values
    (md5('1')::uuid, md5('cara')::uuid, '😮'),
    (md5('3')::uuid, md5('ben')::uuid, '👍'),
    (md5('3')::uuid, md5('cara')::uuid, '👎');
alter table public.chat_messages
    add constraint chat_messages_room_id_fkey
    foreign key (room_id) references public.chat_rooms (id) on delete cascade not valid;

-- Named as the fix names its own, and saying something else.
alter table public.chat_messages enable row level security;
create policy chat_messages_read_own_rooms on public.chat_messages for select to authenticated using (true);
create policy chat_messages_send_as_oneself on public.chat_messages for insert to authenticated with check (true);
