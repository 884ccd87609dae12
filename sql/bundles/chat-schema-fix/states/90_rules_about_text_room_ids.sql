--! Title: Text room ids that must not be empty, with remarks on what says so
--! Set: acknowledge=public.chat_rooms.id
--! Quarantine: 1

-- The empty text is no uuid: what compares a room id with it goes on comparing texts.
create table public.chat_rooms (
    id text primary key check (id <> ''),
    type text,
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id text,
    user_id uuid,
    role text default 'member',
    status text default 'approved'
);
create table public.chat_messages (
    id bigserial primary key,
    room_id text not null default '' constraint room_given check (room_id <> ''),
    sender uuid,
    content text,
    created_at timestamptz default now()
);
create index members_of_rooms on public.chat_room_members (user_id) where room_id <> '';
create table public.pins (
    id integer primary key,
    room_id text
);
alter table public.pins enable row level security;
create policy pins_of_my_rooms on public.pins for select to authenticated using (
    exists (
        select
        from public.chat_room_members as member
        where member.room_id <> ''
            and member.room_id = pins.room_id
            and member.user_id = auth.uid()
            and member.status = 'approved'
    )
);
create function public.pass_on() returns trigger
language plpgsql
as $$ begin return new; end $$;
create trigger only_in_rooms before insert on public.chat_messages
    for each row when (new.room_id <> '') execute function public.pass_on();
create view public.said as select room_id, content from public.chat_messages where room_id <> '';
comment on constraint room_given on public.chat_messages is 'no message without a room';
comment on index public.members_of_rooms is 'for the list of rooms';
comment on policy pins_of_my_rooms on public.pins is 'agreed in May';

insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid::text, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    ('lobby', 'group', 'Lobby', md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('club')::uuid::text, md5('ann')::uuid, 'admin', 'approved'),
    (md5('club')::uuid::text, md5('ben')::uuid, 'member', 'pending'),
    ('lobby', md5('ben')::uuid, 'member', 'approved');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid::text, md5('ann')::uuid, 'hello', '2025-02-01 00:00:00+00'),
    ('lobby', md5('ben')::uuid, 'anybody here?', '2025-02-02 00:00:00+00');
insert into public.pins (id, room_id) values (1, md5('club')::uuid::text);
