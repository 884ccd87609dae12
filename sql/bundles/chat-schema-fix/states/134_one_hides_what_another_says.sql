--! Title: A restrictive policy hides what somebody says from whoever blocked them, and a trigger names the sender
--! Quarantine: 0

-- Who reads nothing of the other in their conversation is in it all the same; and whoever sends in another's name sends in their own.
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
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender_id uuid,
    content text not null,
    created_at timestamptz default now()
);
create table public.user_blocks (
    blocker uuid not null,
    blocked uuid not null,
    primary key (blocker, blocked)
);
alter table public.user_blocks enable row level security;
create policy of_my_own on public.user_blocks for select to authenticated using (blocker = auth.uid());

create function public.is_in_conversation(room uuid) returns boolean
language sql stable security definer set search_path = ''
as $$ select exists (select from public.room_members as mine where mine.room_id = room and mine.user_id = auth.uid()) $$;
create function public.name_the_sender() returns trigger
language plpgsql
as $$
begin
    if auth.uid() is not null then
        new.sender_id := auth.uid();
    end if;
    return new;
end
$$;
create trigger name_the_sender before insert on public.chat_messages
    for each row execute function public.name_the_sender();

alter table public.chat_rooms enable row level security;
alter table public.room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy read on public.chat_rooms for select to authenticated using (public.is_in_conversation(id));
create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
create policy read on public.room_members for select to authenticated using (public.is_in_conversation(room_id));
create policy read on public.chat_messages for select to authenticated using (public.is_in_conversation(room_id));
create policy send on public.chat_messages for insert to authenticated
with check (sender_id = auth.uid() and public.is_in_conversation(room_id));
create policy not_of_whom_i_blocked on public.chat_messages as restrictive for select to authenticated
using (not exists (select from public.user_blocks as mine where mine.blocker = auth.uid() and mine.blocked = sender_id));

insert into public.chat_rooms (id, type, created_by, created_at) values
    (md5('ann+ben')::uuid, 'dm', md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ben+cara')::uuid, 'dm', md5('cara')::uuid, '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id) values
    (md5('ann+ben')::uuid, md5('ann')::uuid),
    (md5('ann+ben')::uuid, md5('ben')::uuid),
    (md5('ben+cara')::uuid, md5('ben')::uuid),
    (md5('ben+cara')::uuid, md5('cara')::uuid);
insert into public.chat_messages (room_id, sender_id, content, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, 'leave me alone', '2025-01-01 01:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, 'listen', '2025-01-01 02:00:00+00'),
    (md5('ben+cara')::uuid, md5('cara')::uuid, 'hello', '2025-01-02 01:00:00+00'),
    (md5('ben+cara')::uuid, md5('ben')::uuid, 'hello you', '2025-01-02 02:00:00+00');
insert into public.user_blocks (blocker, blocked) values (md5('ann')::uuid, md5('ben')::uuid);
