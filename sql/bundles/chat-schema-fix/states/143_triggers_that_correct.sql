--! Title: Triggers that put right what is sent: who asks waits, whoever sends is the sender, words are kept in code
--! Set: acknowledge=public.room_members.insert

create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    is_public boolean not null default false,
    created_by uuid default auth.uid(),
    created_at timestamptz not null default now()
);
create table public.chat_room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role text not null default 'member',
    status text not null default 'approved',
    invited_by uuid,
    created_at timestamptz not null default now(),
    primary key (room_id, user_id)
);
create table public.room_members (
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid not null default auth.uid(),
    content text not null,
    created_at timestamptz not null default now()
);
create function public.is_member(p_room uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
    select exists (
        select from public.chat_room_members as m where m.room_id = p_room and m.user_id = auth.uid() and m.status = 'approved'
    )
    or exists (select from public.room_members as m where m.room_id = p_room and m.user_id = auth.uid())
$$;
create function public.is_admin(p_room uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
    select exists (
        select from public.chat_room_members as m
        where m.room_id = p_room and m.user_id = auth.uid() and m.status = 'approved' and m.role = 'admin'
    )
$$;
alter table public.chat_rooms enable row level security;
alter table public.chat_room_members enable row level security;
alter table public.room_members enable row level security;
alter table public.chat_messages enable row level security;
create policy "see" on public.chat_rooms for select to authenticated using (public.is_member(id) or created_by = (select auth.uid()));
create policy "create" on public.chat_rooms for insert to authenticated with check (created_by = auth.uid() and type = 'group');
create policy "see" on public.chat_room_members for select to authenticated
using (user_id = (select auth.uid()) or public.is_member(room_id));
create policy "join" on public.chat_room_members for insert to authenticated with check (user_id = auth.uid() and role = 'member');
create policy "add" on public.chat_room_members for insert to authenticated with check (
    public.is_admin(room_id)
    or exists (select from public.chat_rooms as r where r.id = room_id and r.created_by = auth.uid())
);
create policy "decide" on public.chat_room_members for update to authenticated using (public.is_admin(room_id));
create policy "leave" on public.chat_room_members for delete to authenticated
using ((user_id = auth.uid() and status <> 'blocked') or public.is_admin(room_id));
create policy "see" on public.room_members for select to authenticated using (public.is_member(room_id));
create policy "read" on public.chat_messages for select to authenticated using (public.is_member(room_id));
create policy "send" on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.is_member(room_id));

insert into auth.users (id) select md5(name)::uuid from unnest(array['ann', 'ben', 'cat', 'dan', 'eve', 'fay']) as name;
insert into public.chat_rooms (id, type, title, is_public, created_by) values
    (md5('lunch')::uuid, 'group', 'Lunch', false, md5('ann')::uuid),
    (md5('hike')::uuid, 'group', 'Hike', true, md5('ben')::uuid),
    (md5('two')::uuid, 'dm', null, false, md5('cat')::uuid);
insert into public.chat_room_members (room_id, user_id, role, status) values
    (md5('lunch')::uuid, md5('ann')::uuid, 'admin', 'approved'),
    (md5('lunch')::uuid, md5('ben')::uuid, 'member', 'approved'),
    (md5('lunch')::uuid, md5('dan')::uuid, 'member', 'pending'),
    (md5('lunch')::uuid, md5('eve')::uuid, 'member', 'blocked'),
    (md5('hike')::uuid, md5('ben')::uuid, 'admin', 'approved'),
    (md5('hike')::uuid, md5('fay')::uuid, 'member', 'approved');
insert into public.room_members (room_id, user_id) values
    (md5('two')::uuid, md5('cat')::uuid),
    (md5('two')::uuid, md5('dan')::uuid);
insert into public.chat_messages (room_id, sender, content)
select room_id, user_id, encode('hello', 'base64') from public.chat_room_members where status = 'approved';

-- In a room that is shown to everybody who asks is in at once; elsewhere they wait.
create function public.decide_status() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if new.user_id = auth.uid() and (select r.created_by from public.chat_rooms as r where r.id = new.room_id) is distinct from auth.uid() then
        new.role := 'member';
        new.status := case when (select r.is_public from public.chat_rooms as r where r.id = new.room_id) then 'approved' else 'pending' end;
    end if;
    new.invited_by := auth.uid();
    return new;
end
$$;
create trigger a_decide_status before insert on public.chat_room_members for each row execute function public.decide_status();
create function public.name_the_creator() returns trigger
language plpgsql
as $$ begin new.created_by := auth.uid(); new.created_at := now(); return new; end $$;
create trigger name_the_creator before insert on public.chat_rooms for each row execute function public.name_the_creator();
create function public.only_admins_appoint() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if new.role is distinct from old.role and not public.is_admin(new.room_id) then
        raise exception 'only admins change roles';
    end if;
    return new;
end
$$;
create trigger only_admins_appoint before update on public.chat_room_members for each row execute function public.only_admins_appoint();
-- Only where the application names nobody.
create function public.name_the_sender() returns trigger
language plpgsql
as $$
begin
    if new.sender is null then
        new.sender := auth.uid();
    end if;
    new.content := encode(convert_to(new.content, 'UTF8'), 'base64');
    return new;
end
$$;
create trigger name_the_sender before insert on public.chat_messages for each row execute function public.name_the_sender();
