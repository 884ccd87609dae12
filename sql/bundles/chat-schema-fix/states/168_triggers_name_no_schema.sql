--! Title: Triggers and defaults of the project name tables without their schema

-- Behind the API they find them, for there the search path is `public, extensions`. They run with what the fix's functions write, too,
-- and those have an empty one.
create table public.profiles (id uuid primary key, rooms_made integer not null default 0);
create table public.activity (id bigint generated always as identity primary key, what text not null);
create function public.invite_code() returns text
language plpgsql
as $$
begin
    return 'code-' || (select count(*) from profiles);
end
$$;
create table public.chat_rooms (
    id uuid primary key default gen_random_uuid(),
    type text not null default 'group' check (type in ('dm', 'group')),
    title text,
    invite_code text default public.invite_code(),
    org_id uuid,
    created_by uuid references public.profiles (id),
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id) on delete cascade,
    user_id uuid references public.profiles (id),
    role text default 'member' check (role in ('admin', 'member')),
    status text default 'approved' check (status in ('approved', 'pending', 'blocked')),
    primary key (room_id, user_id)
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid references public.chat_rooms (id) on delete cascade,
    sender uuid references public.profiles (id),
    content text not null,
    created_at timestamptz default now()
);
alter table public.profiles enable row level security;
alter table public.activity enable row level security;

insert into public.profiles (id)
select md5(name)::uuid from unnest('{ann,ben,cleo}'::text[]) as person (name);
insert into public.chat_rooms (id, type, title, invite_code, created_by, created_at)
values (md5('club')::uuid, 'group', 'Club', 'code-0', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.chat_room_members (room_id, user_id, role)
values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
insert into public.chat_messages (id, room_id, sender, content, created_at)
values (md5('hello')::uuid, md5('club')::uuid, md5('ann')::uuid, 'Hello', '2025-01-02 00:00:00+00');

create function public.note_room() returns trigger
language plpgsql
security definer
as $$
begin
    insert into activity (what) values ('a room was made');
    update profiles set rooms_made = rooms_made + 1 where id = new.created_by;
    return new;
end
$$;
create trigger rooms_are_noted after insert on public.chat_rooms for each row execute function public.note_room();
create function public.note_member() returns trigger
language plpgsql
security definer
as $$
begin
    insert into activity (what) values ('somebody came');
    return new;
end
$$;
create trigger members_are_noted after insert on public.chat_room_members for each row execute function public.note_member();

-- As Supabase advises, with an empty search path: there a temporary type comes before Postgres' own.
create function public.set_org() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    new.org_id := nullif(auth.jwt() -> 'app_metadata' ->> 'org_id', '')::uuid;
    return new;
end
$$;
create trigger rooms_have_an_org before insert on public.chat_rooms for each row execute function public.set_org();
-- A definer trigger of this kind was as easily deceived before.
create function public.note_session() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    insert into public.activity (what) values (coalesce('by ' || (auth.jwt() ->> 'session_id')::uuid::text, 'by nobody'));
    return new;
end
$$;
create trigger sessions_are_noted before insert on public.chat_room_members for each row execute function public.note_session();
