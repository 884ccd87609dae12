--! Title: Titles and messages that are long, hostile, invisible or right to left
--! Quarantine: 0

-- Two group names do not even fit into an index row (2,704 bytes), and they are the same name twice.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now()
);
insert into public.chat_rooms (id, type, title, created_by, created_at)
select md5(name)::uuid, 'group', title, md5('ann')::uuid, '2025-01-01 00:00:00+00'::timestamptz + day * interval '1 day'
from (values
    ('drop', '''); drop table public.chat_messages; --', 1),
    ('drop again', '''); drop table public.chat_messages; --', 2),
    ('markup', '</details><!-- @everyone | `x` -->', 3),
    ('format', '%s %1$I %L $$ $body$ \n \\ "quoted"', 4),
    ('rtl', U&'\202Eremmah\202C \200B\200D', 5),
    ('emoji', repeat('👩‍👩‍👧‍👦', 400), 6)
) as hostile (name, title, day);
insert into public.chat_rooms (id, type, title, created_by, created_at)
select md5(name)::uuid, 'group', (select string_agg(md5(part::text), '') from generate_series(1, 320) as part),
    md5('ann')::uuid, '2025-01-07 00:00:00+00'
from unnest(array['endless', 'endless again']) as name;
insert into public.chat_room_members (room_id, user_id, role, status, created_at)
select id, md5('ann')::uuid, 'admin', 'approved', created_at from public.chat_rooms;

-- Every message is of a kind that somebody's escaping once got wrong.
insert into public.chat_messages (room_id, sender, content, created_at)
select md5('markup')::uuid, md5('ann')::uuid, content, '2025-01-03 00:00:00+00'::timestamptz + n * interval '1 second'
from unnest(array[
    '', ' ', E'\n\r\t', 'null', 'NULL', '{}', '\x00', '0', 'é', U&'e\0301', E'back\\slash', '''', '"', '$$', '%',
    '<script>alert(1)</script>', U&'\FEFF', U&'\+01F3CC\200D\2640\FE0F', repeat('ไม่', 5000), repeat('a', 100000)
]) with ordinality as hostile (content, n);
insert into public.chat_messages (room_id, sender, content, created_at)
select id, md5('ann')::uuid, title, created_at from public.chat_rooms;
