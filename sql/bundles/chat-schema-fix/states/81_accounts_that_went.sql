--! Title: Accounts that went, and some that go: keys that forget, groups of nobody, kinds unheard of, half a pair blocked or missing
--! Quarantine: 0

-- Whoever deletes his account leaves his words and his groups behind.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text,
    slug text unique,
    created_at timestamptz default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.rooms (id) on delete cascade,
    participant_id uuid not null references auth.users (id) on delete cascade,
    primary key (room_id, participant_id)
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null check (type in ('dm', 'group')),
    title text,
    created_by uuid references auth.users (id) on delete set null,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role text not null default 'member',
    status text not null default 'approved',
    invited_by uuid references auth.users (id) on delete set null,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null,
    sender uuid constraint chat_messages_sender_fkey references auth.users (id) on delete set null,
    content text not null,
    created_at timestamptz default now()
);

insert into auth.users (id)
select md5(name)::uuid from unnest(array['ann', 'ben', 'cara', 'dan']) as person (name);

-- Two groups of one name whose creators are gone, and a third whose creator is not.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('choir 1')::uuid, 'group', 'Choir', null, '2025-01-01 00:00:00+00'),
    (md5('choir 2')::uuid, 'group', 'choir ', null, '2025-01-02 00:00:00+00'),
    (md5('choir 3')::uuid, 'group', 'Choir', md5('cara')::uuid, '2025-01-03 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, invited_by, created_at) values
    (md5('choir 1')::uuid, md5('ann')::uuid, 'admin', null, '2025-01-01 00:00:00+00'),
    (md5('choir 1')::uuid, md5('cara')::uuid, 'member', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('choir 2')::uuid, md5('ben')::uuid, 'admin', null, '2025-01-02 00:00:00+00'),
    (md5('choir 3')::uuid, md5('cara')::uuid, 'admin', null, '2025-01-03 00:00:00+00'),
    (md5('choir 3')::uuid, md5('ben')::uuid, 'member', md5('cara')::uuid, '2025-01-03 00:00:00+00');

-- Nobody wrote down what the hiking room is; three people do.
insert into public.rooms (id, kind, slug, created_at) values
    (md5('hiking')::uuid, null, 'Hiking', '2024-01-01 00:00:00+00'),
    (md5('general')::uuid, 'group_chat', 'General', '2024-01-02 00:00:00+00');
insert into public.conversation_participants (room_id, participant_id) values
    (md5('hiking')::uuid, md5('ann')::uuid),
    (md5('hiking')::uuid, md5('ben')::uuid),
    (md5('hiking')::uuid, md5('cara')::uuid),
    (md5('general')::uuid, md5('ann')::uuid),
    (md5('general')::uuid, md5('ben')::uuid);

-- A conversation was found by its slug, and the policies of that time let nobody add the other one.
insert into public.rooms (id, kind, slug, created_at) values
    (md5('ben+cara')::uuid, 'dm', 'dm:' || md5('ben')::uuid || ':' || md5('cara')::uuid, '2024-01-03 00:00:00+00');
insert into public.conversation_participants (room_id, participant_id) values
    (md5('ben+cara')::uuid, md5('ben')::uuid);

-- Both were in it once; the newer table says that dan waits.
insert into public.rooms (id, kind, slug, created_at) values
    (md5('ben+dan')::uuid, 'dm', 'ben and dan', '2024-01-04 00:00:00+00');
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('ben+dan')::uuid, 'dm', null, md5('ben')::uuid, '2024-01-04 00:00:00+00');
insert into public.conversation_participants (room_id, participant_id) values
    (md5('ben+dan')::uuid, md5('ben')::uuid),
    (md5('ben+dan')::uuid, md5('dan')::uuid);
insert into public.chat_room_members (room_id, user_id, status, created_at) values
    (md5('ben+dan')::uuid, md5('dan')::uuid, 'pending', '2024-01-04 00:00:00+00');

-- The other table says that dan is blocked in his conversation with ann: it does not become a new one for that.
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('ann+dan')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-04 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+dan')::uuid, md5('ann')::uuid, '2025-01-04 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, status, created_at) values
    (md5('ann+dan')::uuid, md5('dan')::uuid, 'blocked', '2025-01-04 00:00:00+00');

insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('choir 1')::uuid, md5('ann')::uuid, 'first choir', '2025-01-01 01:00:00+00'),
    (md5('choir 2')::uuid, md5('ben')::uuid, 'second choir', '2025-01-02 01:00:00+00'),
    (md5('choir 3')::uuid, md5('ben')::uuid, 'third choir', '2025-01-03 01:00:00+00'),
    (md5('hiking')::uuid, md5('ben')::uuid, 'up the hill', '2024-01-01 01:00:00+00'),
    (md5('general')::uuid, md5('ben')::uuid, 'good morning', '2024-01-02 01:00:00+00'),
    (md5('ben+cara')::uuid, md5('ben')::uuid, 'ben to cara', '2024-01-03 01:00:00+00'),
    (md5('ben+dan')::uuid, md5('ben')::uuid, 'not for dan yet', '2024-01-04 01:00:00+00'),
    (md5('ann+dan')::uuid, md5('ann')::uuid, 'leave me alone', '2025-01-04 02:00:00+00'),
    (md5('ann+dan')::uuid, md5('dan')::uuid, 'hello ann', '2025-01-04 01:00:00+00');
