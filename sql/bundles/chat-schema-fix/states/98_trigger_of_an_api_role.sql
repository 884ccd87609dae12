--! Title: A trigger of a role that the API can become, waiting for somebody with more rights to change a message
--! Expect: refuse 42501

-- Whoever is signed in got at the database once, and may still create triggers by the platform's automatic grants.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    room_id uuid not null references public.rooms (id),
    sender uuid not null,
    content text not null,
    created_at timestamptz not null default now()
);
create table public.conversation_participants (
    room_id uuid not null references public.rooms (id) on delete cascade,
    user_id uuid not null,
    primary key (room_id, user_id)
);
insert into public.rooms (id, kind, slug, created_by, created_at) values
    (md5('club')::uuid, 'group', 'club', md5('ann')::uuid, '2025-01-01 00:00:00+00');
insert into public.conversation_participants (room_id, user_id) values
    (md5('club')::uuid, md5('ann')::uuid);
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'members only', '2025-02-01 00:00:00+00');

reset role;
grant create on schema public to authenticated;
set role authenticated;
create function public.take_over() returns trigger language plpgsql as $$
begin
    if pg_catalog.current_setting('is_superuser') = 'on' or pg_catalog.pg_has_role(current_user, 'service_role', 'member') then
        execute 'alter table public.chat_messages owner to authenticated';
    end if;
    return new;
end
$$;
create trigger take_over before insert or update on public.chat_messages for each row execute function public.take_over();
reset role;
revoke create on schema public from authenticated;
