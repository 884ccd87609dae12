--! Title: Participants with a number of their own, and their room under chat_id
--! Quarantine: 0

-- Each membership has a number called id, which is no room's: the people of a room went on reading the table by its chat_id.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null default 'group',
    slug text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    id bigserial primary key,
    chat_id uuid not null references public.rooms (id) on delete cascade,
    user_id uuid not null,
    unique (chat_id, user_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid not null references public.rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
grant select, insert on public.rooms, public.conversation_participants to authenticated;

insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('club')::uuid, 'group', 'club', md5('ann')::uuid, '2023-01-01 00:00:00+00'),
    (md5('ann and ben')::uuid, 'dm', null, md5('ann')::uuid, '2023-01-02 00:00:00+00');
insert into public.conversation_participants (chat_id, user_id) values
    (md5('club')::uuid, md5('ann')::uuid),
    (md5('club')::uuid, md5('cara')::uuid),
    (md5('ann and ben')::uuid, md5('ann')::uuid),
    (md5('ann and ben')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('cara')::uuid, 'hello', '2023-01-01 01:00:00+00'),
    (md5('ann and ben')::uuid, md5('ben')::uuid, 'psst', '2023-01-02 01:00:00+00');
