--! Title: Room ids of type text, with a view, a policy and a generated column that depend on them

-- `alter column … type` is refused while others look at the column: "cannot alter type of a column used by a view".
create table public.rooms (
    id text primary key,
    kind text not null,
    slug text,
    created_at timestamptz not null default now()
);
create table public.room_members (
    room_id text not null references public.rooms (id) on delete cascade,
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.conversation_participants (
    room_id text not null references public.rooms (id) on delete cascade,
    user_id uuid not null,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id text not null references public.rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    words tsvector generated always as (to_tsvector('simple', content)) stored,
    channel text generated always as ('room:' || room_id) stored,
    created_at timestamptz default now()
);
create index chat_messages_words_idx on public.chat_messages using gin (words);

-- A report by a colleague, granted to one role only, and a table of theirs whose policy reads the members.
create view public.messages_by_room as
select room_id, count(*) as messages from public.chat_messages group by room_id;
revoke all on public.messages_by_room from anon, authenticated;
comment on view public.messages_by_room is 'Read by the weekly report';
create table public.room_notes (
    room_id text primary key,
    note text not null
);
alter table public.room_notes enable row level security;
create policy notes_of_my_rooms on public.room_notes for select to authenticated using (
    room_id in (select member.room_id from public.room_members as member where member.user_id = auth.uid())
);

insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid::text, 'dm', 'dm:ann:ben', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid::text, 'group', 'club', '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid::text, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid::text, md5('ben')::uuid, '2025-01-01 00:00:00+00');
insert into public.conversation_participants (room_id, user_id) values (md5('club')::uuid::text, md5('cara')::uuid);
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('ann+ben')::uuid::text, md5('ann')::uuid, 'just us', '2025-01-01 01:00:00+00'),
    (md5('club')::uuid::text, md5('cara')::uuid, 'all of us', '2025-01-02 01:00:00+00');
insert into public.room_notes (room_id, note) values (md5('ann+ben')::uuid::text, 'meets on Tuesdays');
