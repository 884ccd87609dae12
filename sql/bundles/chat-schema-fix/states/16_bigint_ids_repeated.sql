--! Title: Bigserial ids without a key, some repeated, some null, the sequence behind them

-- A restore set the sequence back to one and the key was dropped to let the inserts through.
create table public.rooms (
    id uuid primary key,
    kind text not null,
    slug text,
    created_at timestamptz default now()
);
create table public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id bigserial,
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
alter table public.chat_messages alter column id drop not null;

insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', '2025-01-01 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at) values
    (1, md5('ann+ben')::uuid, md5('ann')::uuid, 'one', '2025-01-01 01:00:00+00'),
    (2, md5('ann+ben')::uuid, md5('ben')::uuid, 'two', '2025-01-01 02:00:00+00'),
    (500, md5('ann+ben')::uuid, md5('ben')::uuid, 'far ahead of the sequence', '2025-01-01 03:00:00+00'),
    (1, md5('ann+ben')::uuid, md5('ann')::uuid, 'one again', '2025-01-02 01:00:00+00'),
    (1, md5('ann+ben')::uuid, md5('ann')::uuid, 'one again', '2025-01-02 01:00:00+00'),
    (2, md5('ann+ben')::uuid, md5('ann')::uuid, 'two again', '2025-01-02 02:00:00+00'),
    (null, md5('ann+ben')::uuid, md5('ben')::uuid, 'none', '2025-01-02 03:00:00+00'),
    (null, md5('ann+ben')::uuid, md5('ben')::uuid, 'none either', '2025-01-02 04:00:00+00');
