--! Title: Seven generations over one another: most wounds of this folder in one database
--! Set: acknowledge=public.chat_room_members.Allow membership inserts
--! Set: acknowledge=public.chat_rooms.all

-- What a club's database looks like after two years of hotfixes. Accounts and profiles are real, and tied to everything.
create table public.profiles (
    id uuid primary key references auth.users (id) on delete cascade,
    display_name text not null,
    user_code text
);
insert into auth.users (id, email)
select md5(name)::uuid, name || '@example.com' from unnest(array['ann', 'ben', 'cara', 'dan', 'eve', 'finn']) as name;
insert into public.profiles (id, display_name)
select md5(name)::uuid, initcap(name) from unnest(array['ann', 'ben', 'cara', 'dan', 'eve', 'finn']) as name;

-- Generations one and two: rooms and participants.
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
    participant_id uuid,
    profile_id uuid references public.profiles (id),
    joined_at timestamptz default now()
);

-- Generation three to five: other names beside the old ones.
create table public.chat_rooms (
    id uuid default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    constraint chat_rooms_id_key unique (id)
);
create table public.chat_room_members (
    room_id uuid,
    user_id uuid constraint chat_room_members_user_id_fkey references public.profiles (id) on delete cascade,
    role text default 'member',
    status text default 'approved',
    invited_by uuid references public.profiles (id),
    created_at timestamptz default now()
);
create table public.room_members (
    room_id uuid,
    user_id uuid,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id bigserial,
    room_id uuid,
    sender_id uuid,
    sender uuid,
    content text,
    message text,
    created_at timestamptz default now()
);
alter table public.chat_messages alter column id drop not null;

insert into public.rooms (id, kind, slug, title, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', null, md5('ann')::uuid, '2024-01-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'club', 'Club', md5('ann')::uuid, '2024-01-02 00:00:00+00'),
    (md5('both')::uuid, 'group', 'both', 'Both', md5('cara')::uuid, '2024-01-03 00:00:00+00');
insert into public.conversation_participants (room_id, participant_id, profile_id, joined_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, md5('ann')::uuid, '2024-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, null, md5('ben')::uuid, '2024-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ann')::uuid, null, '2024-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, null, '2024-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('eve')::uuid, null, '2024-01-02 00:00:00+00');

-- Ann made the Club again in the new table, twice; the pair's conversation was opened again, too.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('both')::uuid, 'group', 'Both', md5('cara')::uuid, '2024-01-03 00:00:00+00'),
    (md5('club 2')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00'),
    (md5('club 3')::uuid, 'group', 'club ', md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('ann+ben 2')::uuid, 'direct', 'Direct Message', md5('ben')::uuid, '2025-01-04 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, invited_by, created_at) values
    (md5('both')::uuid, md5('cara')::uuid, 'owner', 'approved', null, '2024-01-03 00:00:00+00'),
    (md5('both')::uuid, md5('cara')::uuid, 'admin', 'approved', null, '2024-01-03 00:00:00+00'),
    (md5('both')::uuid, md5('dan')::uuid, 'member', 'pending', md5('cara')::uuid, '2024-01-03 00:00:00+00'),
    (md5('both')::uuid, md5('finn')::uuid, 'member', 'blocked', md5('cara')::uuid, '2024-01-03 00:00:00+00'),
    (md5('club 2')::uuid, md5('ann')::uuid, 'admin', 'approved', null, '2025-01-02 00:00:00+00'),
    (md5('club 2')::uuid, md5('eve')::uuid, 'member', 'blocked', null, '2025-01-02 00:00:00+00'),
    (md5('club 3')::uuid, md5('ann')::uuid, 'admin', 'approved', null, '2025-01-03 00:00:00+00'),
    (md5('club 3')::uuid, md5('finn')::uuid, 'member', 'approved', null, '2025-01-03 00:00:00+00'),
    (md5('gone')::uuid, md5('ann')::uuid, 'admin', 'approved', null, '2025-01-03 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben 2')::uuid, md5('ann')::uuid, '2025-01-04 00:00:00+00'),
    (md5('ann+ben 2')::uuid, md5('ben')::uuid, '2025-01-04 00:00:00+00'),
    (md5('ann+ben 2')::uuid, md5('ben')::uuid, '2025-01-04 00:00:00+00'),
    (md5('gone')::uuid, md5('ben')::uuid, '2025-01-04 00:00:00+00');
insert into public.chat_messages (id, room_id, sender_id, sender, content, message, created_at) values
    (1, md5('ann+ben')::uuid, md5('ann')::uuid, null, null, 'first words', '2024-01-01 01:00:00+00'),
    (1, md5('club')::uuid, md5('eve')::uuid, null, null, 'a repeated id', '2024-01-02 01:00:00+00'),
    (null, md5('club')::uuid, null, md5('ben')::uuid, 'no id', null, '2024-01-02 02:00:00+00'),
    (3, md5('both')::uuid, null, md5('cara')::uuid, 'in both', null, '2024-01-03 01:00:00+00'),
    (4, md5('club 2')::uuid, md5('ann')::uuid, md5('ann')::uuid, 'second club', 'second club', '2025-01-02 01:00:00+00'),
    (5, md5('club 3')::uuid, null, md5('finn')::uuid, 'third club', null, '2025-01-03 01:00:00+00'),
    (6, md5('ann+ben 2')::uuid, null, md5('ben')::uuid, 'again', null, '2025-01-04 01:00:00+00'),
    (7, md5('gone')::uuid, null, md5('ann')::uuid, 'an orphan', null, '2025-01-05 01:00:00+00'),
    (8, md5('club 2')::uuid, null, null, 'nobody''s', null, '2025-01-05 02:00:00+00');

-- What the hotfixes left: two keys on one column, an index that is not unique, policies that recurse or let all in.
alter table public.chat_messages
    add constraint chat_messages_room_id_fkey foreign key (room_id) references public.rooms (id) not valid,
    add constraint chat_messages_sender_fkey foreign key (sender) references public.profiles (id),
    add constraint chat_messages_room_fk foreign key (room_id) references public.chat_rooms (id) not valid;
create index idx_chat_rooms_unique_group on public.chat_rooms (title);
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
create policy "members" on public.chat_room_members for select using (
    room_id in (select mine.room_id from public.chat_room_members as mine where mine.user_id = auth.uid())
);
create policy "Allow membership inserts" on public.chat_room_members for insert to authenticated with check (true);
create policy "Allow membership updates" on public.chat_room_members for update to authenticated using (true);
create policy "Allow membership deletes" on public.chat_room_members for delete to authenticated using (true);
create policy "all" on public.chat_rooms for all using (true) with check (true);
create function public.user_is_room_member(room uuid) returns boolean
language sql stable
as $$ select exists (select from public.room_members where room_id = room and user_id = auth.uid()) $$;
create view public.my_dm_rooms as select room_id from public.room_members where public.user_is_room_member(room_id);
create function public.create_group_room(p_creator uuid, p_name text, p_member_ids uuid[], p_is_private boolean default false)
returns uuid
language sql security definer
as $$ insert into public.chat_rooms (type, title, created_by) values ('group', p_name, p_creator) returning id $$;
create view public.recent_messages as
select id, room_id, coalesce(content, message) as text from public.chat_messages where created_at > '2025-01-01 00:00:00+00';
create function public.freeze_old_messages() returns trigger
language plpgsql
as $$
begin
    raise exception 'messages are frozen';
end
$$;
create trigger freeze_old_messages before update or delete on public.chat_messages
    for each row when (old.created_at < '2025-01-01 00:00:00+00') execute function public.freeze_old_messages();
alter publication supabase_realtime add table public.chat_rooms;
