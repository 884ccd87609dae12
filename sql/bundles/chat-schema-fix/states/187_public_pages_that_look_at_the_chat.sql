--! Title: Public pages, which visitors read, also ask about the chat
--! Platform: supabase

create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid default auth.uid(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null,
    role text not null default 'member',
    status text not null default 'approved',
    created_at timestamptz not null default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
create function public.user_is_in_room(room uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
    select exists (
        select from public.chat_room_members as member
        where member.room_id = room and member.user_id = auth.uid() and member.status = 'approved'
    )
$$;
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy rooms on public.chat_rooms for select to authenticated using (public.user_is_in_room(id) or created_by = auth.uid());
create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
create policy members on public.chat_room_members for select to authenticated using (public.user_is_in_room(room_id));
create policy ask on public.chat_room_members for insert to authenticated
    with check (user_id = auth.uid() and status = 'pending' and role = 'member');
create policy invite on public.chat_room_members for insert to authenticated with check (
    exists (select from public.chat_rooms as room where room.id = room_id and room.created_by = auth.uid())
);
create policy messages on public.chat_messages for select to authenticated using (public.user_is_in_room(room_id));
create policy send on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.user_is_in_room(room_id));

-- Neither policy is `to authenticated`: visitors read what is public.
create table public.posts (id integer primary key, room_id uuid references public.chat_rooms (id), visibility text not null, body text);
alter table public.posts enable row level security;
create policy "read posts" on public.posts for select using (
    visibility = 'public' or exists (
        select from public.chat_room_members as member
        where member.room_id = posts.room_id and member.user_id = auth.uid() and member.status = 'approved'
    )
);
create table public.files (id integer primary key, bucket text not null, room_id uuid);
alter table public.files enable row level security;
create policy avatars on public.files for select using (bucket = 'avatars');
create policy "files of rooms" on public.files for select using (bucket = 'rooms' and public.user_is_in_room(room_id));

-- A view and a function with the visitor's rights show what they may see of rooms: nothing. A trigger keeps the room of a note only where they see it.
create table public.events (id integer primary key, room_id uuid references public.chat_rooms (id), title text);
alter table public.events enable row level security;
create policy "events are public" on public.events for select using (true);
create view public.event_list with (security_invoker = true) as
select event.id, event.title, room.title as chat
from public.events as event
left join public.chat_rooms as room on room.id = event.room_id;
create function public.site_stats() returns bigint
language sql stable set search_path = ''
as $$ select count(*) from public.chat_messages $$;
create table public.feedback (id integer primary key, room_id uuid, body text not null);
alter table public.feedback enable row level security;
create policy anyone on public.feedback for insert with check (true);
create policy "anyone reads" on public.feedback for select using (true);
create function public.keep_room_of_feedback() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if not exists (select 1 from public.chat_rooms as room where room.id = new.room_id) then
        new.room_id := null;
    end if;
    return new;
end
$$;
create trigger keep_room before insert on public.feedback for each row execute function public.keep_room_of_feedback();
grant select on public.posts, public.files, public.events, public.event_list to anon, authenticated;
grant select, insert on public.feedback to anon, authenticated;

insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid), (md5('cara')::uuid);
insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending');
insert into public.chat_messages (room_id, sender, content) values
    (md5('club')::uuid, md5('ann')::uuid, 'See the post'),
    (md5('club')::uuid, md5('ben')::uuid, 'Done');
insert into public.posts values (1, md5('club')::uuid, 'public', 'Hello'), (2, md5('club')::uuid, 'members', 'Inside');
insert into public.files values (1, 'avatars', null), (2, 'rooms', md5('club')::uuid);
insert into public.events values (1, md5('club')::uuid, 'Party');
insert into public.feedback values (1, null, 'Nice');
