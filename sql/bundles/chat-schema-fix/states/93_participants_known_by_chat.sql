--! Title: Participants whose room is called chat_id, and who are called member_id
--! Quarantine: 0

-- Somebody renamed the columns of the first generation; its policies let the people of a room read who else is in it.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null default 'group',
    slug text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    chat_id uuid not null references public.rooms (id) on delete cascade,
    member_id uuid not null,
    joined_at timestamptz not null default now(),
    primary key (chat_id, member_id)
);
create table public.chat_messages (
    id bigserial primary key,
    chat_id uuid not null references public.rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
alter table public.conversation_participants enable row level security;
create policy "own memberships" on public.conversation_participants
for select using (member_id = (select auth.uid()));

insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('club')::uuid, 'group', 'club', md5('ann')::uuid, '2023-01-01 00:00:00+00'),
    (md5('ann and ben')::uuid, 'dm', null, md5('ann')::uuid, '2023-01-02 00:00:00+00');
insert into public.conversation_participants (chat_id, member_id) values
    (md5('club')::uuid, md5('ann')::uuid),
    (md5('club')::uuid, md5('cara')::uuid),
    (md5('ann and ben')::uuid, md5('ann')::uuid),
    (md5('ann and ben')::uuid, md5('ben')::uuid);
insert into public.chat_messages (chat_id, sender, content, created_at) values
    (md5('club')::uuid, md5('cara')::uuid, 'hello', '2023-01-01 01:00:00+00'),
    (md5('ann and ben')::uuid, md5('ben')::uuid, 'psst', '2023-01-02 01:00:00+00');
