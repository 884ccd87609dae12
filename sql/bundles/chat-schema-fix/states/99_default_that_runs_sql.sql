--! Title: A table that the API owns, with a default that runs SQL as whoever inserts the next row
--! Expect: refuse 42501

create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.rooms (id),
    sender uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.rooms (id) on delete cascade,
    user_id uuid not null,
    primary key (room_id, user_id)
);
insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('club')::uuid, 'group', 'club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.conversation_participants (room_id, user_id) values
    (md5('club')::uuid, md5('ann')::uuid);
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'members only', '2025-02-01 00:00:00+00');

-- Made by a stranger: whoever fills it next does what it says.
create table public.chat_room_members (
    room_id uuid not null,
    user_id uuid not null,
    role text not null default 'member',
    status text not null default 'pending',
    invited_by uuid default (
        case when pg_catalog.query_to_xml('select 1', true, true, '') is not null then null::uuid end
    ),
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
reset role;
grant create on schema public to authenticated;
alter table public.chat_room_members owner to authenticated;
revoke create on schema public from authenticated;
