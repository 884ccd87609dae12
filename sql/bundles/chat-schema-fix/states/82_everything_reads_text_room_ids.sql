--! Title: Policies, functions, rules, checks and joins that read room ids of type text
--! Quarantine: 0

-- A policy on attachments compares a constant with another column, and a constant is no uuid; a function's body was read by
-- Postgres when it was made; two tables are joined by the column whose type changes in one before the other.
create table public.profiles (
    id uuid primary key,
    display_name text
);
alter table public.profiles enable row level security;
create table public.chat_rooms (
    id text primary key,
    type text,
    title text,
    created_by text,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id text,
    user_id varchar,
    role text default 'member',
    status text default 'approved',
    constraint no_blanks check (coalesce(room_id, '') <> '' and user_id <> '')
);
create table public.chat_messages (
    id bigserial primary key,
    room_id text,
    sender text,
    content text,
    created_at timestamptz default now(),
    constraint no_system check (sender <> 'system')
);
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy read on public.chat_rooms for select to authenticated using (
    exists (
        select
        from public.chat_room_members as mine
        where mine.room_id = chat_rooms.id and mine.user_id = auth.uid()::text and mine.status = 'approved'
    )
);
create policy own on public.chat_room_members for select to authenticated using (user_id = auth.uid()::text);
-- Whoever likes asks to join: what reads a membership without its status lets in who waits, before as after.
create policy ask on public.chat_room_members for insert to authenticated with check (user_id = auth.uid()::text);
create policy read on public.chat_messages for select to authenticated using (
    exists (
        select
        from public.chat_room_members as mine
        where mine.room_id = chat_messages.room_id and mine.user_id = auth.uid()::text and mine.status = 'approved'
    )
);
create policy send on public.chat_messages for insert to authenticated with check (
    sender = auth.uid()::text
    and exists (
        select
        from public.chat_room_members as mine
        where mine.room_id = chat_messages.room_id and mine.user_id = auth.uid()::text and mine.status = 'approved'
    )
);

-- What was built upon them.
create table public.attachments (
    bucket varchar,
    folder varchar,
    name text primary key
);
alter table public.attachments enable row level security;
create view public.my_rooms with (security_barrier = on) as
select member.room_id, member.role
from public.chat_room_members as member
where member.user_id = auth.uid()::text
    and member.status = 'approved';
create policy "room_id is one of mine" on public.attachments for select using (
    bucket = 'chat' and folder in (select room_id from public.my_rooms)
);
create policy of_rooms_with_messages on public.attachments for insert with check (
    bucket = 'chat'
    and exists (
        select
        from public.chat_messages as message
        where message.room_id = folder::text
            and message.sender = auth.uid()::text
    )
);
create policy who_wrote_to_me on public.profiles for select using (
    exists (
        select
        from public.chat_messages as message
        join public.chat_room_members as member using (room_id)
        where message.sender = profiles.id::text
            and member.user_id = auth.uid()::text
    )
);
create view public.inbox as
select room_id, room.title, message.content
from public.chat_messages as message
join public.chat_room_members as member using (room_id)
join public.chat_rooms as room on room.id = room_id
where member.user_id = auth.uid()::text;
create view public.messages as
select message.room_id, message.sender as author, message.content as body from public.chat_messages as message;
create function public.send_the_old_way() returns trigger
language plpgsql
as $$
begin
    insert into public.chat_messages (room_id, sender, content) values (new.room_id::uuid, new.author::uuid, new.body);
    return new;
end
$$;
create trigger send_the_old_way instead of insert on public.messages
for each row execute function public.send_the_old_way();
create rule nobody_edits as on update to public.messages do instead nothing;
create function public.last_words(room text) returns table (room_id text, words text)
language sql
stable
begin atomic
    select message.room_id, message.content
    from public.chat_messages as message
    where message.room_id = room
    order by message.created_at desc
    limit 1;
end;
create function public.my_room_count() returns bigint
language sql
stable
return (select count(*) from public.my_rooms where room_id <> '');
create index said_somewhere on public.chat_messages (room_id, created_at) where room_id <> '';
create function public.ignore_moves() returns trigger
language plpgsql
as $$
begin
    return null;
end
$$;
create trigger stay_in_your_room before update of room_id on public.chat_messages
for each row when (old.room_id <> '' and new.room_id like '%-%')
execute function public.ignore_moves();
create table public.message_log (
    room text,
    noted_at timestamptz default now()
);
create rule note_message as on insert to public.chat_messages do also
    insert into public.message_log (room) values (new.room_id);
alter table public.chat_messages disable rule note_message;

-- Since Postgres 15 a publication can choose its rows, and list columns.
do $$
begin
    if current_setting('server_version_num')::integer >= 150000 then
        execute 'create publication warehouse for table public.chat_messages (id, room_id, content) where (room_id is not null) with (publish = ''insert'')';
        execute 'create publication lake for table public.chat_messages (id, room_id) with (publish = ''insert'')';
    end if;
end
$$;

insert into public.profiles (id, display_name) values
    (md5('ann')::uuid, 'Ann'),
    (md5('ben')::uuid, 'Ben'),
    (md5('cara')::uuid, 'Cara');
insert into public.chat_rooms (id, type, title, created_by) values
    (md5('club')::uuid::text, 'group', 'Club', md5('ann')::uuid::text),
    (md5('team')::uuid::text, 'group', 'Team', md5('ben')::uuid::text);
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('club')::uuid::text, md5('ann')::uuid::text, 'admin', 'approved'),
    (md5('club')::uuid::text, md5('ben')::uuid::text, 'member', 'approved'),
    (md5('club')::uuid::text, md5('cara')::uuid::text, 'member', 'pending'),
    (md5('team')::uuid::text, md5('ben')::uuid::text, 'admin', 'approved'),
    (md5('team')::uuid::text, md5('ann')::uuid::text, 'member', 'blocked');
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid::text, md5('ann')::uuid::text, 'welcome', '2025-01-01 01:00:00+00'),
    (md5('club')::uuid::text, md5('ben')::uuid::text, 'thank you', '2025-01-01 02:00:00+00'),
    (md5('team')::uuid::text, md5('ben')::uuid::text, 'anybody here?', '2025-01-02 01:00:00+00');
insert into public.attachments (bucket, folder, name) values
    ('chat', md5('club')::uuid::text, 'menu.pdf'),
    ('avatars', 'ann', 'ann.png'),
    ('chat', 'lobby', 'old.png');
