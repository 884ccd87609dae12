--! Title: Views, triggers, defaults, foreign keys, policies and a publication of others
--! Quarantine: 0

-- The chat itself is of the first generation; everything else here belongs to somebody else and must be found unharmed.
create table public.profiles (
    id uuid primary key,
    display_name text not null
);
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_by uuid references public.profiles (id),
    created_at timestamptz not null default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.rooms (id) on delete cascade,
    user_id uuid not null constraint chat_room_members_user_id_fkey references public.profiles (id) on delete cascade,
    role text default 'member',
    status text default 'approved',
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid not null references public.rooms (id),
    sender uuid not null constraint chat_messages_sender_fkey references public.profiles (id),
    content text not null,
    created_at timestamptz not null default now()
);

-- Tables about the chat, one of which points at a message.
create table public.tournaments (
    id integer primary key,
    room_id uuid,
    name text not null
);
create table public.message_reactions (
    message_id bigint not null references public.chat_messages (id) on delete cascade,
    user_id uuid not null,
    emoji text not null,
    primary key (message_id, user_id, emoji)
);

-- A helper of theirs that a policy, a column default and a view call.
create function public.user_is_in_room(room uuid) returns boolean
language sql stable security definer
as $$ select exists (select from public.chat_room_members where room_id = room and user_id = auth.uid()) $$;
create function public.next_ticket() returns bigint language sql as $$ select 42::bigint $$;
create table public.tickets (
    id bigint primary key default public.next_ticket(),
    room_id uuid not null,
    visible boolean default public.user_is_in_room('00000000-0000-0000-0000-000000000000')
);
alter table public.tickets enable row level security;
create policy tickets_of_my_rooms on public.tickets for select to authenticated using (public.user_is_in_room(room_id));

-- Views of both kinds over what will change.
create view public.room_activity as
select room_id, count(id) as messages, max(created_at) as last_message_at
from public.chat_messages
group by room_id;
create materialized view public.messages_per_day as
select date_trunc('day', created_at at time zone 'UTC') as day, count(*) as messages
from public.chat_messages
group by 1;
create view public.my_rooms as
select distinct room_id from public.chat_messages where public.user_is_in_room(room_id);

-- Triggers: one notifies, one is disabled, one always fires, one only on a replica.
create function public.announce_message() returns trigger
language plpgsql
as $$
begin
    perform pg_notify('messages', new.id::text);
    return new;
end
$$;
create trigger announce_message after insert on public.chat_messages
    for each row execute function public.announce_message();
create trigger announce_message_disabled after insert on public.chat_messages
    for each row execute function public.announce_message();
create trigger announce_message_always after insert on public.chat_messages
    for each row execute function public.announce_message();
create trigger announce_message_on_replica after insert on public.chat_messages
    for each row execute function public.announce_message();
alter table public.chat_messages disable trigger announce_message_disabled;
alter table public.chat_messages enable always trigger announce_message_always;
alter table public.chat_messages enable replica trigger announce_message_on_replica;

-- A publication of theirs with the messages in it, beside realtime's, which has what is no chat's.
reset role;
create publication warehouse for table public.chat_messages, public.tournaments;
set role supabase_owner;
alter publication supabase_realtime add table public.tournaments;

insert into public.profiles (id, display_name)
select md5(name)::uuid, initcap(name) from unnest(array['ann', 'ben', 'cara', 'dan']) as name;
insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('open')::uuid, 'group', 'open-2025', md5('ann')::uuid, '2025-07-01 00:00:00+00'),
    (md5('ben+cara')::uuid, 'dm', 'dm:ben:cara', md5('ben')::uuid, '2025-07-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('open')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('open')::uuid, md5('ben')::uuid, 'member', 'approved'),
    (md5('open')::uuid, md5('dan')::uuid, 'member', 'pending'),
    (md5('ben+cara')::uuid, md5('ben')::uuid, 'member', 'approved'),
    (md5('ben+cara')::uuid, md5('cara')::uuid, 'member', 'approved');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('open')::uuid, md5('ann')::uuid, 'draw is out', '2025-07-01 01:00:00+00'),
    (md5('open')::uuid, md5('ben')::uuid, 'thanks', '2025-07-01 02:00:00+00'),
    (md5('ben+cara')::uuid, md5('cara')::uuid, 'partners?', '2025-07-02 01:00:00+00');
insert into public.tournaments (id, room_id, name) values (1, md5('open')::uuid, 'Open 2025');
insert into public.message_reactions (message_id, user_id, emoji)
select id, md5('ben')::uuid, '👍' from public.chat_messages;
insert into public.tickets (room_id) values (md5('open')::uuid);
refresh materialized view public.messages_per_day;
