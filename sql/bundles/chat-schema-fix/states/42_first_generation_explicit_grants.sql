--! Title: The first generation on a platform that grants nothing by itself
--! Platform: supabase_explicit_grants
--! Quarantine: 0

-- What the application needs was granted by hand at the time; what the fix makes gets nothing unless it says so.
create table public.profiles (
    id uuid primary key references auth.users (id) on delete cascade,
    username text not null unique,
    handicap numeric not null,
    created_at timestamptz not null default now()
);
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind in ('dm', 'group')),
    slug text not null unique,
    created_by uuid not null references auth.users (id) on delete cascade,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.rooms (id) on delete cascade,
    profile_id uuid not null references public.profiles (id) on delete cascade,
    joined_at timestamptz not null default now(),
    primary key (room_id, profile_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid not null references public.rooms (id) on delete cascade,
    sender_id uuid not null references public.profiles (id) on delete cascade,
    content text not null,
    created_at timestamptz not null default now()
);
grant select, insert, update, delete on public.rooms, public.conversation_participants to authenticated;
grant select, insert on public.chat_messages to authenticated;
alter table public.rooms enable row level security;
create policy rooms_select on public.rooms for select to authenticated using (
    exists (
        select from public.conversation_participants as participant
        where participant.room_id = rooms.id and participant.profile_id = auth.uid()
    )
);

insert into auth.users (id, email)
select md5(name)::uuid, name || '@example.com' from unnest(array['ann', 'ben', 'cara']) as name;
insert into public.profiles (id, username, handicap)
select md5(name)::uuid, name, 18.4 from unnest(array['ann', 'ben', 'cara']) as name;
insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', md5('ann')::uuid, '2024-01-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'club', md5('cara')::uuid, '2024-01-02 00:00:00+00');
insert into public.conversation_participants (room_id, profile_id, joined_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2024-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2024-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, '2024-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, '2024-01-02 00:00:00+00');
insert into public.chat_messages (room_id, sender_id, content, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'just us', '2024-01-01 01:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'all of us', '2024-01-02 01:00:00+00');
