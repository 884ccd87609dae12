--! Title: A function of the application's, under its name, lets only those make a group who are an admin somewhere
--! Expect: refuse 0A000

-- It reads nothing but tables that the fix knows, and is replaced all the same: from then on everybody would make groups.
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
create function public.create_group_room(
    p_creator uuid, p_is_private boolean default false, p_member_ids uuid[] default '{}', p_name text default ''
) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
    made uuid;
begin
    if p_creator is distinct from auth.uid() then
        raise exception 'unauthorized';
    end if;
    if not exists (select from public.chat_room_members where user_id = p_creator and role = 'admin') then
        raise exception 'ask an admin';
    end if;
    insert into public.chat_rooms (type, title, created_by) values ('group', p_name, p_creator) returning id into made;
    insert into public.chat_room_members (room_id, user_id, role) values (made, p_creator, 'admin');
    return made;
end
$$;

insert into public.chat_rooms (id, type, title, created_by, created_at)
values (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, created_at)
values (md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-01-01 01:00:00+00');
