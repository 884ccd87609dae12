--! Title: Triggers read and write columns by the names that they had
--! Quarantine: 0

-- A view follows a column that is renamed, the text of a function does not: every room and every message would fail.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'group',
    title text,
    created_by uuid,
    last_message text,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    profile_id uuid,
    role text default 'member',
    status text default 'approved',
    primary key (room_id, profile_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.chat_rooms (id) on delete cascade,
    sender_id uuid not null default auth.uid(),
    message text not null,
    created_at timestamptz default now()
);

-- The first cleans what is sent, the second previews it in the room, the third lets the creator into his group.
create function public.clean_message() returns trigger
language plpgsql
as $$
begin
    new.sender_id := coalesce(new.sender_id, auth.uid());
    if btrim(new.message) = '' then
        raise exception 'nothing to send';
    end if;
    return new;
end
$$;
create trigger clean_message before insert on public.chat_messages
    for each row execute function public.clean_message();
create function public.preview_message() returns trigger
language plpgsql security definer
as $$
begin
    update public.chat_rooms set last_message = left(new.message, 80), updated_at = now() where id = new.room_id;
    return null;
end
$$;
create trigger preview_message after insert on public.chat_messages
    for each row execute function public.preview_message();
create function public.add_creator() returns trigger
language plpgsql security definer
as $$
begin
    if new.type = 'group' and new.created_by is not null then
        insert into public.chat_room_members (room_id, profile_id, role) values (new.id, new.created_by, 'admin');
    end if;
    return null;
end
$$;
create trigger add_creator after insert on public.chat_rooms
    for each row execute function public.add_creator();

insert into public.chat_rooms (id, type, title, created_by, created_at) values
    (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, profile_id, role, status) values
    (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved'),
    (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending'),
    (md5('club')::uuid, md5('dan')::uuid, 'member', 'blocked');
insert into public.chat_messages (room_id, sender_id, message, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'welcome', '2025-01-01 01:00:00+00'),
    (md5('club')::uuid, md5('ben')::uuid, 'thanks', '2025-01-01 02:00:00+00');
