--! Title: Participants of the first generation under a policy that reads them, and reactions that read messages
--! Quarantine: 0

-- The same infinite recursion as on the newer tables. A table of others is asked through it, and its own rules are right.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text,
    slug text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.conversation_participants (
    room_id uuid references public.rooms (id),
    user_id uuid,
    joined_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.rooms (id),
    sender uuid,
    content text not null,
    created_at timestamptz default now()
);
create table public.message_reactions (
    message_id uuid references public.chat_messages (id) on delete cascade,
    user_id uuid,
    emoji text,
    primary key (message_id, user_id, emoji)
);
alter table public.rooms enable row level security;
alter table public.conversation_participants enable row level security;
alter table public.chat_messages enable row level security;
alter table public.message_reactions enable row level security;
create policy people on public.conversation_participants for select to authenticated
using (
    room_id in (
        select mine.room_id
        from public.conversation_participants as mine
        where mine.user_id = auth.uid()
    )
);
create policy their_rooms on public.rooms for select to authenticated
using (
    exists (
        select
        from public.conversation_participants as mine
        where mine.room_id = rooms.id and mine.user_id = auth.uid()
    )
);
create policy read on public.chat_messages for select to authenticated
using (
    room_id in (
        select mine.room_id
        from public.conversation_participants as mine
        where mine.user_id = auth.uid()
    )
);
create policy send on public.chat_messages for insert to authenticated
with check (
    sender = auth.uid()
    and room_id in (
        select mine.room_id
        from public.conversation_participants as mine
        where mine.user_id = auth.uid()
    )
);
create policy see on public.message_reactions for select to authenticated
using (exists (select from public.chat_messages as message where message.id = message_reactions.message_id));
create policy react on public.message_reactions for insert to authenticated
with check (
    user_id = auth.uid()
    and exists (select from public.chat_messages as message where message.id = message_reactions.message_id)
);
create policy take_back on public.message_reactions for delete to authenticated using (user_id = auth.uid());

insert into public.rooms (id, kind, slug, created_by, created_at)
values (md5('old')::uuid, 'group', 'old', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.conversation_participants (room_id, user_id)
values (md5('old')::uuid, md5('ann')::uuid), (md5('old')::uuid, md5('ben')::uuid);
insert into public.chat_messages (id, room_id, sender, content, created_at)
values (md5('1')::uuid, md5('old')::uuid, md5('ann')::uuid, 'hello', '2025-01-01 01:00:00+00');
insert into public.message_reactions values (md5('1')::uuid, md5('ben')::uuid, '+1');
