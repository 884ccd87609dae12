--! Title: chat_rooms demands a creator, a short name and times; rooms knows none of them
--! Set: acknowledge=public.chat_rooms.chat_rooms_title_check

-- Half moved: the new tables were drawn with more rules than the rows of the old ones can keep.
create table public.profiles (
    id uuid primary key
);
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind in ('direct', 'group')),
    slug text not null,
    created_at timestamptz
);
create table public.conversation_participants (
    id bigserial primary key,
    conversation_id uuid references public.rooms (id) on delete cascade,
    profile_id uuid references public.profiles (id),
    last_read_at timestamptz
);
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group' check (type in ('dm', 'group')),
    title text not null check (length(title) between 1 and 20),
    created_by uuid not null references public.profiles (id),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint named_groups check (type <> 'group' or title is not null)
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id),
    user_id uuid not null constraint chat_room_members_user_id_fkey references public.profiles (id),
    role text not null,
    status text not null check (status in ('approved', 'pending')),
    invited_by uuid not null references public.profiles (id),
    created_at timestamptz not null default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid not null references public.rooms (id),
    sender uuid not null references public.profiles (id),
    content text not null check (length(content) > 0),
    kind text not null check (kind in ('text', 'image')),
    created_at timestamptz not null
);

insert into public.profiles (id) select md5(name)::uuid from unnest(array['ann', 'ben', 'cara']) as name;
insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, 'direct', 'ann-ben', null),
    (md5('long')::uuid, 'group', 'the-friends-of-the-long-slug', '2025-01-02 00:00:00+00');
insert into public.conversation_participants (conversation_id, profile_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid),
    (md5('long')::uuid, md5('ann')::uuid),
    (md5('long')::uuid, md5('cara')::uuid),
    (md5('long')::uuid, null);
insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('twenty')::uuid, 'group', 'Twenty letters long.', md5('ann')::uuid, '2025-01-03 00:00:00+00'),
    (md5('twenty 2')::uuid, 'group', 'twenty letters long.', md5('ann')::uuid, '2025-01-04 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, invited_by) values
    (md5('twenty')::uuid, md5('ann')::uuid, 'owner', 'approved', md5('ann')::uuid),
    (md5('twenty 2')::uuid, md5('ben')::uuid, 'user', 'pending', md5('ann')::uuid),
    (md5('twenty')::uuid, md5('cara')::uuid, '', 'pending', md5('ann')::uuid);
insert into public.chat_messages (room_id, sender, content, kind, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'just us', 'text', '2025-01-01 01:00:00+00'),
    (md5('long')::uuid, md5('cara')::uuid, 'all of us', 'image', '2025-01-02 01:00:00+00');
