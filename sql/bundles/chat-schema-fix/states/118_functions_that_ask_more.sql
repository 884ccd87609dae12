--! Title: A helper and a function of the application's, under the fix's names, ask who is suspended and who blocked whom
--! Expect: refuse 0A000

-- The fix replaces functions of these names. What theirs asked besides would be lost, for the application and for the policy of
-- another table.
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
create table public.suspensions (person uuid primary key);
create table public.blocks (
    blocker uuid,
    blocked uuid,
    primary key (blocker, blocked)
);
create table public.files (
    room_id uuid,
    name text primary key
);
alter table public.suspensions enable row level security;
alter table public.blocks enable row level security;
alter table public.files enable row level security;
create function public.user_is_in_room(room uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (select from public.chat_room_members where room_id = room and user_id = auth.uid() and status = 'approved')
        and not exists (select from public.suspensions where person = auth.uid())
$$;
create policy of_my_rooms on public.files for select to authenticated using (public.user_is_in_room(room_id));
create function public.open_or_create_dm(partner uuid) returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
    made uuid;
begin
    if exists (select from public.blocks where blocker = partner and blocked = auth.uid()) then
        raise exception 'they do not want to hear from you';
    end if;
    insert into public.chat_rooms (type, created_by) values ('dm', auth.uid()) returning id into made;
    insert into public.chat_room_members (room_id, user_id) values (made, auth.uid()), (made, partner);
    return made;
end
$$;

insert into public.chat_rooms (id, type, title, created_by, created_at)
values (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content, created_at)
values (md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-01-01 01:00:00+00');
insert into public.files (room_id, name) values (md5('club')::uuid, 'plan.pdf');
