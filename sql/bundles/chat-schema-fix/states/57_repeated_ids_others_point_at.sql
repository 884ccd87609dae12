--! Title: Repeated message ids, and another table's key to the later of them
--! Quarantine: 0

-- One of two messages has to get a new id. The one that others point at is not the one: their key does not follow.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_messages (
    id bigint not null,
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz not null,
    constraint chat_messages_pkey primary key (id, created_at)
);
create table public.pinned_messages (
    message_id bigint not null,
    sent_at timestamptz not null,
    pinned_by uuid not null,
    constraint pinned_messages_message_fkey foreign key (message_id, sent_at)
        references public.chat_messages (id, created_at) on delete cascade,
    primary key (message_id, sent_at)
);
create view public.pins as
select pinned_messages.pinned_by, chat_messages.content
from public.pinned_messages
join public.chat_messages
    on chat_messages.id = pinned_messages.message_id and chat_messages.created_at = pinned_messages.sent_at;

insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (1, md5('club')::uuid, md5('ann')::uuid, 'rules', '2025-01-01 01:00:00+00'),
    (1, md5('club')::uuid, md5('ann')::uuid, 'rules, corrected and pinned', '2025-01-02 01:00:00+00'),
    (2, md5('club')::uuid, md5('ann')::uuid, 'fees, pinned', '2025-01-03 01:00:00+00');
insert into public.pinned_messages (message_id, sent_at, pinned_by) values
    (1, '2025-01-02 01:00:00+00', md5('ann')::uuid),
    (2, '2025-01-03 01:00:00+00', md5('ann')::uuid);
