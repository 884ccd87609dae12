--! Title: Triggers that touch times, shout text, swallow deletes and log every change
--! Quarantine: 1

-- An update, however harmless, would set updated_at to now, change the text, and tell the whole club.
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text default 'dm',
    title text,
    created_by uuid,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid not null,
    user_id uuid not null,
    role text default 'member',
    status text default 'approved',
    invited_by uuid,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id uuid default gen_random_uuid(),
    room_id uuid,
    sender uuid,
    content text,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.change_log (
    id bigserial primary key,
    relation text not null,
    operation text not null,
    at timestamptz not null default clock_timestamp()
);
create function public.touch_updated_at() returns trigger
language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
create function public.shout() returns trigger
language plpgsql as $$ begin new.content := upper(new.content); new.created_at := now(); return new; end $$;
create function public.swallow() returns trigger
language plpgsql as $$ begin return null; end $$;
create function public.log_change() returns trigger
language plpgsql
as $$
begin
    insert into public.change_log (relation, operation) values (tg_table_name, tg_op);
    perform pg_notify('changes', tg_op);
    return null;
end
$$;

insert into public.chat_rooms (id, type, title, created_by, created_at, updated_at) values
    (md5('club 1')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-01 00:00:00+00', '2025-01-01 00:00:00+00'),
    (md5('club 2')::uuid, 'group', 'Club', md5('ann')::uuid, '2025-01-02 00:00:00+00', '2025-01-02 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role, status, created_at) values
    (md5('club 1')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-01 00:00:00+00'),
    (md5('club 2')::uuid, md5('ann')::uuid, 'admin', 'approved', '2025-01-02 00:00:00+00'),
    (md5('club 2')::uuid, md5('ben')::uuid, 'member', 'pending', '2025-01-02 00:00:00+00');
insert into public.chat_messages (id, room_id, sender, content, created_at, updated_at) values
    (md5('1')::uuid, md5('club 1')::uuid, md5('ann')::uuid, 'quietly', '2025-01-01 01:00:00+00', '2025-01-01 01:00:00+00'),
    (md5('1')::uuid, md5('club 2')::uuid, md5('ann')::uuid, 'a repeated id', '2025-01-02 01:00:00+00', '2025-01-02 02:00:00+00'),
    (null, md5('club 2')::uuid, md5('ben')::uuid, 'with none', '2025-01-02 03:00:00+00', '2025-01-02 03:00:00+00'),
    (md5('2')::uuid, md5('gone')::uuid, md5('ben')::uuid, 'an orphan', '2025-01-03 01:00:00+00', '2025-01-03 01:00:00+00');
create trigger touch before update on public.chat_messages for each row execute function public.touch_updated_at();
create trigger touch before update on public.chat_rooms for each row execute function public.touch_updated_at();
create trigger shout before update on public.chat_messages for each row execute function public.shout();
create trigger swallow before delete on public.chat_messages for each row execute function public.swallow();
create trigger log after insert or update or delete on public.chat_messages
    for each statement execute function public.log_change();
create trigger log after insert or update or delete on public.chat_rooms
    for each statement execute function public.log_change();
