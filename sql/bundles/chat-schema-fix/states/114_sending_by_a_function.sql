--! Title: Messages are sent by a function alone, which asks more than whether one is in the room
--! Expect: refuse 0A000

-- No policy lets anybody insert a message: the function is the only way, and says no while the room is closed. With the fix every
-- member could insert messages past it.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id),
    user_id uuid,
    role text default 'member',
    status text default 'approved',
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.chat_rooms (id),
    sender uuid,
    content text not null,
    created_at timestamptz default now()
);
create table public.opening_hours (
    room_id uuid primary key references public.chat_rooms (id),
    is_open boolean not null
);
alter table public.chat_messages enable row level security;
alter table public.opening_hours enable row level security;
create policy read on public.chat_messages for select to authenticated
using (
    exists (
        select
        from public.chat_room_members as mine
        where mine.room_id = chat_messages.room_id and mine.user_id = auth.uid() and mine.status = 'approved'
    )
);
create function public.send_message(room uuid, words text) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
    sent uuid;
begin
    if not exists (select from public.opening_hours where room_id = room and is_open) then
        raise exception 'the room is closed';
    end if;
    insert into public.chat_messages (room_id, sender, content) values (room, auth.uid(), words) returning id into sent;
    return sent;
end
$$;

insert into public.chat_rooms (id, title, created_by, created_at)
values (md5('club')::uuid, 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, created_at)
values (md5('club')::uuid, md5('ann')::uuid, 'we are closed on Sundays', '2025-01-01 01:00:00+00');
insert into public.opening_hours (room_id, is_open) values (md5('club')::uuid, false);
