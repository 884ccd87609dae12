--! Title: Triggers on messages write the old tables with their caller's rights
--! Quarantine: 0

-- Whoever sends a message updates the old room as himself: if that were forbidden, nobody could send anything any more.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text,
    slug text,
    last_message_at timestamptz,
    created_at timestamptz default now()
);
create table public.conversation_participants (
    room_id uuid references public.rooms (id),
    user_id uuid,
    unread integer default 0,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.rooms (id),
    sender_id uuid,
    content text,
    created_at timestamptz default now()
);
create function public.note_message() returns trigger
language plpgsql
as $$
begin
    update public.rooms set last_message_at = now() where id = new.room_id;
    update public.conversation_participants set unread = unread + 1 where room_id = new.room_id;
    return null;
end
$$;
create trigger note_message after insert on public.chat_messages
    for each row execute function public.note_message();

insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', '2025-01-01 00:00:00+00');
insert into public.conversation_participants (room_id, user_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender_id, content, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'hello', '2025-01-01 01:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'hello yourself', '2025-01-01 02:00:00+00');
