--! Title: Sender and sender_id at once, agreeing, and each alone
--! Quarantine: 0

-- The new column was added beside the old one, which is still demanded: what the application sends is refused.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid,
    sender_id uuid,
    content text,
    message text,
    created_at timestamptz default now()
);
create index chat_messages_sender_id_idx on public.chat_messages (sender_id);

insert into public.chat_rooms (id, type, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00');

-- What they disagree about is refused: nothing tells who sent it. A message with neither belongs to nobody and goes to quarantine.
insert into public.chat_messages (room_id, sender, sender_id, content, message, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, md5('ann')::uuid, 'both agree', 'both agree', '2025-01-01 01:00:00+00'),
    (md5('ann+ben')::uuid, null, md5('ben')::uuid, null, 'old columns only', '2025-01-01 02:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, null, 'new columns only', null, '2025-01-01 03:00:00+00'),
    (md5('ann+ben')::uuid, md5('ann')::uuid, null, null, 'new sender, old text', '2025-01-01 04:00:00+00'),
    (md5('ann+ben')::uuid, md5('ann')::uuid, md5('ann')::uuid, 'the new text', 'the old text', '2025-01-01 05:00:00+00'),
    (md5('ann+ben')::uuid, null, null, 'nobody said this', null, '2025-01-01 06:00:00+00');
