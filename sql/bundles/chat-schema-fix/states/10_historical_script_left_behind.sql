--! Title: What the script of 14 October 2025 leaves behind: green checks, open doors
--! Quarantine: 0

-- All eight checks of the guide pass here. Its policies let any user read any direct conversation all the same.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text check (type in ('dm', 'group')) default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text check (role in ('admin', 'member')) default 'member',
    status text check (status in ('approved', 'pending', 'blocked')) default 'approved',
    invited_by uuid,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null,
    sender uuid not null,
    content text not null,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint chat_messages_room_id_fkey foreign key (room_id) references public.chat_rooms (id) on delete cascade
);
create index idx_chat_rooms_type on public.chat_rooms (type);
create index idx_chat_rooms_created_by on public.chat_rooms (created_by);
create index idx_chat_rooms_created_at on public.chat_rooms (created_at desc);
create index idx_chat_room_members_room on public.chat_room_members (room_id);
create index idx_chat_room_members_user on public.chat_room_members (user_id);
create index idx_chat_room_members_status on public.chat_room_members (status) where status = 'pending';
create index idx_room_members_room on public.room_members (room_id);
create index idx_room_members_user on public.room_members (user_id);
create index idx_chat_messages_room on public.chat_messages (room_id, created_at desc);
create index idx_chat_messages_sender on public.chat_messages (sender);
create index idx_chat_messages_created on public.chat_messages (created_at desc);
create unique index idx_chat_rooms_unique_group on public.chat_rooms (created_by, title)
    where type = 'group' and title is not null;

-- Helpers whose search path still lets a temporary table come first in unqualified names, executable by everyone.
create function public.user_is_room_member(p_room_id uuid) returns boolean
language sql stable security definer set search_path = public
as $$ select exists (select from public.room_members where room_id = p_room_id and user_id = auth.uid()) $$;
create function public.user_is_group_member(p_room_id uuid) returns boolean
language sql stable security definer set search_path = public
as $$
    select exists (
        select from public.chat_room_members where room_id = p_room_id and user_id = auth.uid() and status = 'approved'
    )
$$;
create function public.user_is_in_room(p_room_id uuid) returns boolean
language sql stable security definer set search_path = public
as $$ select public.user_is_room_member(p_room_id) or public.user_is_group_member(p_room_id) $$;
create function public.user_is_group_admin(p_room_id uuid) returns boolean
language sql stable security definer set search_path = public
as $$
    select exists (
        select from public.chat_room_members
        where room_id = p_room_id and user_id = auth.uid() and role = 'admin' and status = 'approved'
    )
$$;

-- The application's functions, with the holes they had: unqualified names, a partner who need not be anybody.
create function public.create_group_room(
    p_creator uuid, p_is_private boolean default false, p_member_ids uuid[] default array[]::uuid[], p_name text default ''
) returns uuid
language plpgsql security definer set search_path = public
as $$
declare
    v_room_id uuid;
begin
    if p_creator is distinct from auth.uid() then
        raise exception 'unauthorized: creator must match authenticated user';
    end if;
    insert into chat_rooms (type, title, created_by) values ('group', trim(p_name), p_creator) returning id into v_room_id;
    insert into chat_room_members (room_id, user_id, role) values (v_room_id, p_creator, 'admin');
    insert into chat_room_members (room_id, user_id) select v_room_id, member from unnest(p_member_ids) as member;
    return v_room_id;
end
$$;
create function public.ensure_direct_conversation(me uuid, partner uuid) returns table (output_room_id uuid)
language plpgsql security definer set search_path = public
as $$
declare
    v_room_id uuid;
begin
    insert into chat_rooms (type, title, created_by) values ('dm', 'Direct Message', me) returning id into v_room_id;
    insert into room_members (room_id, user_id) values (v_room_id, me), (v_room_id, partner);
    return query select v_room_id;
end
$$;
create function public.open_or_create_dm(partner uuid) returns uuid
language sql security definer set search_path = public
as $$ select output_room_id from ensure_direct_conversation(auth.uid(), partner) $$;

-- Eleven policies, as counted by the guide; the fourth is the open door.
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy chat_rooms_select_members on public.chat_rooms for select to authenticated
    using ((type = 'dm' and public.user_is_room_member(id)) or (type = 'group' and public.user_is_group_member(id)));
create policy chat_rooms_insert_own on public.chat_rooms for insert to authenticated
    with check ((type = 'dm' and created_by is null) or created_by = auth.uid());
create policy room_members_select_own on public.room_members for select to authenticated
    using (public.user_is_room_member(room_id) or user_id = auth.uid());
create policy room_members_insert_any on public.room_members for insert to authenticated with check (true);
create policy chat_room_members_select_own on public.chat_room_members for select to authenticated
    using (public.user_is_group_member(room_id) or user_id = auth.uid());
create policy chat_room_members_insert_pending on public.chat_room_members for insert to authenticated
    with check (user_id = auth.uid() and status = 'pending' and role = 'member');
create policy chat_room_members_insert_admin on public.chat_room_members for insert to authenticated
    with check (
        public.user_is_group_admin(room_id)
        or exists (select from public.chat_rooms where chat_rooms.id = room_id and chat_rooms.created_by = auth.uid())
    );
create policy chat_room_members_update_admin on public.chat_room_members for update to authenticated
    using (public.user_is_group_admin(room_id));
create policy chat_room_members_delete_self on public.chat_room_members for delete to authenticated
    using (user_id = auth.uid() or public.user_is_group_admin(room_id));
create policy chat_messages_select_members on public.chat_messages for select to authenticated
    using (public.user_is_in_room(room_id));
create policy chat_messages_insert_members on public.chat_messages for insert to authenticated
    with check (sender = auth.uid() and public.user_is_in_room(room_id));

-- A year of use: somebody asked to join after the script had approved everyone, somebody was blocked.
insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-10-14 00:00:00+00', '2025-10-14 00:00:00+00'),
    (md5('club, ben''s')::uuid, 'group', 'Club', md5('ben')::uuid, '2025-10-15 00:00:00+00', '2025-10-15 00:00:00+00'),
    (md5('ann+ben')::uuid, 'dm', 'Direct Message', md5('ann')::uuid, '2025-10-16 00:00:00+00', '2025-10-16 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, invited_by, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', md5('ann')::uuid, '2025-10-14 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending', null, '2025-11-14 00:00:00+00'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'blocked', null, '2025-11-15 00:00:00+00'),
    (md5('club, ben''s')::uuid, md5('ben')::uuid, 'admin', 'approved', null, '2025-10-15 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-10-16 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-10-16 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at, updated_at) values
    (md5('1')::uuid, md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-10-14 01:00:00+00', '2025-10-14 01:00:00+00'),
    (md5('2')::uuid, md5('club, ben''s')::uuid, md5('ben')::uuid, 'mine', '2025-10-15 01:00:00+00', '2025-10-15 01:00:00+00'),
    (md5('3')::uuid, md5('ann+ben')::uuid, md5('ben')::uuid, 'private', '2025-10-16 01:00:00+00', '2025-10-16 01:00:00+00');
