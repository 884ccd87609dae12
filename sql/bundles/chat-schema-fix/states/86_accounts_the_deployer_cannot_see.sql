--! Title: Members keyed to accounts and profiles whose rows the deployer may not see
--! Deployer: supabase_owner_no_bypass
--! Quarantine: 0

-- A key holds whatever row level security says, but whoever looks for the account himself finds nobody.
create table public.profiles (
    id uuid primary key,
    display_name text
);
create table public.rooms (
    id uuid primary key,
    kind text,
    slug text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.conversation_participants (
    room_id uuid,
    participant_id uuid,
    status text
);
create table public.chat_rooms (
    id uuid primary key,
    type text,
    title text,
    created_by uuid references public.profiles (id)
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id),
    user_id uuid references public.profiles (id),
    role text,
    status text
);
create table public.room_members (
    room_id uuid,
    user_id uuid references auth.users (id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.rooms (id),
    sender uuid,
    content text,
    created_at timestamptz default now()
);

reset role;
create policy registration on auth.users for insert to supabase_owner_no_bypass with check (true);
set role supabase_owner_no_bypass;

insert into public.profiles (id, display_name)
select md5(name)::uuid, name from unnest(array['ann', 'ben', 'cara']) as name;
insert into public.profiles (id)
select ('00000000-0000-4000-8000-0000000000' || person)::uuid from unnest(array['a1', 'b2', 'c3', 'd4', 'e5']) as person;
insert into auth.users (id)
select id from public.profiles;
insert into public.rooms (id, kind, slug, created_by) values
    (md5('club')::uuid, 'group', 'club', md5('ann')::uuid),
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', md5('ben')::uuid);
insert into public.conversation_participants (room_id, participant_id, status) values
    (md5('club')::uuid, md5('ann')::uuid, 'approved'),
    (md5('club')::uuid, md5('ben')::uuid, 'approved'),
    (md5('club')::uuid, md5('cara')::uuid, 'pending'),
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'approved'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'approved');
insert into public.chat_messages (room_id, sender, content) values
    (md5('club')::uuid, md5('ann')::uuid, 'for the club'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'just us');

alter table public.profiles enable row level security;
alter table public.profiles force row level security;
create policy oneself on public.profiles for select to authenticated using (id = auth.uid());
create policy registration on public.profiles for insert to supabase_owner_no_bypass with check (true);
