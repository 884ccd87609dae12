--! Title: Reactions, attachments and receipts hang on messages whose room is gone
--! Quarantine: 310
--! Set: acknowledge=public.chat_rooms.last_message_id

-- Deleting such a message would take some of these along, be forbidden by others, and make the rest forget.
create table public.rooms (
    id uuid primary key,
    kind text,
    slug text,
    created_at timestamptz default now()
);
create table public.room_members (
    room_id uuid,
    user_id uuid
);
create sequence public."Msg_Id_Seq" start 500 increment 5;
create table public.chat_messages (
    id bigint primary key default nextval('public."Msg_Id_Seq"'),
    room_id uuid,
    sender_id uuid not null,
    message text not null,
    reply_to bigint references public.chat_messages (id) on delete cascade,
    created_at timestamptz default now()
);
create table public.message_reactions (
    id serial primary key,
    message_id bigint not null references public.chat_messages (id) on delete cascade,
    emoji text
);
create table public.attachments (
    id uuid primary key,
    message_id bigint not null references public.chat_messages (id),
    url text
);
create table public.thumbnails (
    id serial primary key,
    attachment_id uuid references public.attachments (id) on delete restrict,
    "Width" integer
);
create table public.read_receipts (
    user_id uuid primary key,
    last_message_id bigint references public.chat_messages (id) on delete set null
);
-- None of these goes for the sake of a message that has no room: they can do without it.
create table public.chat_rooms (
    id uuid primary key,
    type text,
    title text,
    created_by uuid,
    last_message_id bigint references public.chat_messages (id)
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid,
    role text,
    status text,
    pinned_id bigint references public.chat_messages (id) on delete cascade,
    primary key (room_id, user_id)
);
create table public.orders (
    id integer primary key,
    about bigint references public.chat_messages (id) on delete restrict
);
create function public.keep_attachments() returns trigger
language plpgsql
as $$ begin raise exception 'attachments are for ever'; end $$;
create trigger "No Delete!" before delete on public.attachments
    for each row execute function public.keep_attachments();

insert into public.rooms (id, kind, slug, created_at) values (md5('club')::uuid, 'group', 'club', '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id)
select md5('club')::uuid, md5(name)::uuid from unnest(array['ann', 'ben', 'cara']) as name;
insert into public.chat_messages (id, room_id, sender_id, message, reply_to, created_at) values
    (1, md5('club')::uuid, md5('ann')::uuid, 'in the club', null, '2025-01-01 01:00:00+00'),
    (2, md5('gone')::uuid, md5('ann')::uuid, 'an orphan', null, '2025-01-01 02:00:00+00'),
    (3, md5('club')::uuid, md5('ben')::uuid, 'answers the orphan', 2, '2025-01-01 03:00:00+00'),
    (4, md5('gone')::uuid, md5('ben')::uuid, 'an orphan answers', 2, '2025-01-01 04:00:00+00'),
    (900, md5('club')::uuid, md5('ben')::uuid, 'ahead of the sequence', 1, '2025-01-01 05:00:00+00');
insert into public.message_reactions (message_id, emoji) values (1, '👍'), (2, '👎'), (4, '🎉');
-- Of so many that each needs a look behind every key.
insert into public.chat_messages (id, room_id, sender_id, message, created_at)
select 1000 + n, md5('gone')::uuid, md5('ann')::uuid, 'orphan ' || n, '2025-01-02 00:00:00+00' from generate_series(1, 150) as n;
insert into public.message_reactions (message_id, emoji) select 1000 + n, '👋' from generate_series(1, 150) as n;
insert into public.attachments (id, message_id, url) values (md5('map')::uuid, 1, '/map'), (md5('plan')::uuid, 2, '/plan');
insert into public.thumbnails (attachment_id, "Width") values (md5('map')::uuid, 64), (md5('plan')::uuid, 64);
insert into public.read_receipts (user_id, last_message_id) values (md5('ann')::uuid, 2), (md5('ben')::uuid, 1);
insert into public.chat_rooms (id, type, title, created_by, last_message_id) values
    (md5('den')::uuid, 'group', 'Den', md5('ann')::uuid, 2);
insert into public.chat_room_members (room_id, user_id, role, status, pinned_id) values
    (md5('den')::uuid, md5('ann')::uuid, 'admin', 'approved', 4),
    (md5('den')::uuid, md5('ben')::uuid, 'member', 'approved', 1);
insert into public.orders (id, about) values (1, 2), (2, 1);
