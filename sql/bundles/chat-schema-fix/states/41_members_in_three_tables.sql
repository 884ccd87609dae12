--! Title: Members in three tables at once, keyed by participant, profile and user
--! Quarantine: 3

-- Each generation had its own table and nobody was ever moved. Columns were renamed, doubled and dropped on the way.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind in ('dm', 'group')),
    slug text unique,
    obsolete text,
    created_by uuid,
    created_at timestamptz not null default now()
);
alter table public.rooms drop column obsolete;
create table public.conversation_participants (
    room_id uuid not null,
    participant_id uuid,
    profile_id uuid,
    joined_at timestamptz not null default now()
);
create table public.room_members (
    id bigserial primary key,
    room_id uuid not null,
    profile_id uuid not null,
    joined_at timestamptz default now()
);
create table public.chat_room_members (
    obsolete text,
    room_id uuid,
    participant_id uuid,
    user_id uuid,
    is_admin boolean default false,
    created_at timestamptz default now()
);
alter table public.chat_room_members drop column obsolete;
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.rooms (id) on delete cascade,
    sender_id uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);

insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', md5('ann')::uuid, '2024-01-01 00:00:00+00'),
    (md5('ann+cara')::uuid, 'dm', 'dm:ann:cara', md5('ann')::uuid, '2024-01-02 00:00:00+00'),
    (md5('club')::uuid, 'group', 'club', md5('ann')::uuid, '2024-01-03 00:00:00+00');

-- One pair is split over two tables; the club's five are spread over three; two rows are of a room that is gone.
insert into public.conversation_participants (room_id, participant_id, profile_id, joined_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, null, '2024-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, null, md5('ben')::uuid, '2024-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, md5('ben')::uuid, '2024-01-01 00:00:00+00'),
    (md5('ann+cara')::uuid, md5('ann')::uuid, null, '2024-01-02 00:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, null, '2024-01-03 00:00:00+00'),
    (md5('gone')::uuid, md5('dan')::uuid, null, '2024-01-04 00:00:00+00');
insert into public.room_members (room_id, profile_id, joined_at) values
    (md5('ann+cara')::uuid, md5('cara')::uuid, '2024-02-02 00:00:00+00'),
    (md5('club')::uuid, md5('eve')::uuid, '2024-02-03 00:00:00+00'),
    (md5('gone')::uuid, md5('eve')::uuid, '2024-02-04 00:00:00+00');
insert into public.chat_room_members (room_id, participant_id, user_id, is_admin, created_at) values
    (md5('club')::uuid, null, md5('ann')::uuid, true, '2024-03-03 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, null, false, '2024-03-03 00:00:00+00'),
    (md5('club')::uuid, md5('finn')::uuid, md5('finn')::uuid, false, '2024-03-03 00:00:00+00');
insert into public.chat_messages (room_id, sender_id, content, created_at) values
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'one', '2024-01-01 01:00:00+00'),
    (md5('ann+cara')::uuid, md5('cara')::uuid, 'two', '2024-02-02 01:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'three', '2024-03-03 01:00:00+00'),
    (md5('club')::uuid, md5('eve')::uuid, 'four', '2024-03-03 02:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'five', '2024-03-03 03:00:00+00');
