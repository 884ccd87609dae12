--! Title: The API can become a role of the project's own, to which default privileges give everything
--! Quarantine: 1

-- A kiosk signs in as a role of its own; somebody gave it whatever the owner makes, in every schema.
reset role;
do $$
begin
    if to_regrole('kiosk') is null then
        begin
            create role kiosk nologin;
            comment on role kiosk is 'created by schema-fix-action';
        exception
            when duplicate_object or unique_violation then
                null;
        end;
    end if;
end
$$;
grant kiosk to authenticator;
alter default privileges for role supabase_owner grant all on tables to kiosk;
alter default privileges for role supabase_owner grant all on sequences to kiosk;
alter default privileges for role supabase_owner grant all on functions to kiosk;
alter default privileges for role supabase_owner grant all on schemas to kiosk;
set role supabase_owner;

create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_by uuid,
    created_at timestamptz not null default now()
);
create table public.chat_messages (
    id bigserial primary key,
    room_id uuid,
    sender uuid not null,
    sender_id uuid,
    content text not null,
    attachment text,
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
    (md5('club')::uuid, md5('ann')::uuid),
    (md5('club')::uuid, md5('ben')::uuid);
insert into public.chat_messages (room_id, sender, content, created_at) values
    (md5('club')::uuid, md5('ann')::uuid, 'members only', '2025-02-01 00:00:00+00'),
    (null, md5('ben')::uuid, 'in no room', '2025-02-02 00:00:00+00');
