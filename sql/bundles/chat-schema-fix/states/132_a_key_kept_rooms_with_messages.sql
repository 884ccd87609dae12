--! Title: A job deletes rooms and leaves it to the key of the messages which of them stay
--! Expect: refuse 0A000

-- The fix's key deletes messages with their room: the next night the job would delete every room and every message.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid,
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid,
    role text not null default 'member',
    status text not null default 'approved',
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id),
    sender uuid,
    content text not null,
    created_at timestamptz default now()
);
create function public.purge_rooms() returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
    room uuid;
begin
    for room in select id from public.chat_rooms where created_at < now() - interval '90 days' loop
        begin
            delete from public.chat_room_members where room_id = room;
            delete from public.chat_rooms where id = room;
        exception
            when foreign_key_violation then null;
        end;
    end loop;
end
$$;
revoke execute on function public.purge_rooms() from public, anon, authenticated;

insert into public.chat_rooms (id, title, created_by, created_at)
values (md5('club')::uuid, 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, created_at)
values (md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-01-01 01:00:00+00');
