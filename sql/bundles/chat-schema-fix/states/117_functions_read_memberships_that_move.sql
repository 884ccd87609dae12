--! Title: The people of groups and conversations in one table, which a function, a trigger and a policy of others read
--! Expect: refuse 0A000

-- The memberships of groups move to a table of their own. What reads them where they were would find nobody, or a copy that nobody
-- changes any more.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.chat_rooms (id),
    sender uuid,
    content text not null,
    created_at timestamptz default now()
);
create table public.notices (
    person uuid,
    message_id uuid references public.chat_messages (id)
);
create table public.files (
    room_id uuid,
    name text primary key
);
alter table public.notices enable row level security;
alter table public.files enable row level security;
create policy of_my_rooms on public.files for select to authenticated
using (room_id in (select room_id from public.room_members where user_id = auth.uid()));
create function public.is_in(room uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (select from public.room_members where room_id = room and user_id = auth.uid())
$$;
create function public.post(room uuid, words text) returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
    if not public.is_in(room) then
        raise exception 'not in the room';
    end if;
    insert into public.chat_messages (room_id, sender, content) values (room, auth.uid(), words);
end
$$;
create function public.tell_the_others() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    insert into public.notices (person, message_id)
    select user_id, new.id from public.room_members where room_id = new.room_id and user_id <> new.sender;
    return new;
end
$$;
create trigger tell_the_others after insert on public.chat_messages for each row execute function public.tell_the_others();
alter table public.chat_messages enable row level security;
create policy read on public.chat_messages for select to authenticated using (public.is_in(room_id));
create policy send on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.is_in(room_id));

insert into public.chat_rooms (id, type, title, created_by, created_at)
values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', null, md5('ann')::uuid, '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id)
values
    (md5('club')::uuid, md5('ann')::uuid),
    (md5('club')::uuid, md5('ben')::uuid),
    (md5('club')::uuid, md5('cara')::uuid),
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid);
insert into public.files (room_id, name) values (md5('club')::uuid, 'plan.pdf');
