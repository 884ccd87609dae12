--! Title: A trigger that notes the last message in the room with the rights of whoever sends it
--! Expect: refuse 0A000

-- Nothing asked for rights here. With row level security the trigger would change no row, and say nothing: every list of rooms would stay as it was.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group',
    title text,
    created_by uuid references auth.users (id),
    created_at timestamptz not null default now(),
    last_message_at timestamptz
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid references auth.users (id) on delete cascade,
    role text not null default 'member',
    status text not null default 'approved',
    created_at timestamptz default now(),
    unread_count integer not null default 0,
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.chat_rooms (id) on delete cascade,
    sender uuid references auth.users (id),
    content text not null,
    created_at timestamptz not null default now()
);
create function public.note_message() returns trigger language plpgsql as $$
begin
    update public.chat_rooms set last_message_at = new.created_at where id = new.room_id;
    update public.chat_room_members set unread_count = unread_count + 1 where room_id = new.room_id and user_id <> new.sender;
    return new;
end
$$;
create trigger note_message after insert on public.chat_messages for each row execute function public.note_message();

insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid);
insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');
