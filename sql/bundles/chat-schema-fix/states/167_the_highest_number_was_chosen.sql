--! Title: Somebody sent with the highest id but one, and at a time that is none
--! Quarantine: 1
--! Set: acknowledge=public.chat_messages.created_at

-- Members could choose both. The numbers go on where the others are, and the message stays without a time.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid references auth.users (id),
    created_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid references auth.users (id) on delete cascade,
    role text not null default 'member',
    status text not null default 'approved',
    created_at timestamptz default now(),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid references public.chat_rooms (id) on delete cascade,
    sender uuid references auth.users (id),
    content text not null,
    created_at bigint not null default (extract(epoch from now()) * 1000)::bigint
);

alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.chat_messages enable row level security;
create function public.is_in(room uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select from public.chat_room_members as mine
        where mine.room_id = room and mine.user_id = auth.uid() and mine.status = 'approved'
    )
$$;
create policy rooms_read on public.chat_rooms for select to authenticated using (public.is_in(id));
create policy rooms_make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
create policy members_read on public.chat_room_members for select to authenticated using (public.is_in(room_id));
create policy messages_read on public.chat_messages for select to authenticated using (public.is_in(room_id));
create policy messages_send on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.is_in(room_id));

insert into auth.users (id) select md5(name)::uuid from unnest('{ann,ben}'::text[]) as person (name);
insert into public.chat_rooms (id, type, title, created_by, created_at)
values (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'admin', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'member', '2025-01-01 00:00:00+00');
insert into public.chat_messages (room_id, sender, content) values
    (md5('club')::uuid, md5('ann')::uuid, 'hello'),
    (md5('club')::uuid, md5('ben')::uuid, 'hi');
insert into public.chat_messages (id, room_id, sender, content, created_at)
values (9223372036854775806, md5('club')::uuid, md5('ben')::uuid, 'the last', 9223372036854775807);
