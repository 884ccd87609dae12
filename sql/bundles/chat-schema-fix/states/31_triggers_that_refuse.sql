--! Title: An archive that nobody may rewrite: triggers refuse every update and delete

-- The club's lawyer wanted it so. The fix has to get past the guards once, and to leave each on duty as it was.
create table public.rooms (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    slug text,
    created_at timestamptz not null default now()
);
create table public.room_members (
    room_id uuid not null,
    user_id uuid not null,
    created_at timestamptz default now()
);
create table public.chat_messages (
    id uuid default gen_random_uuid(),
    room_id uuid,
    sender uuid,
    sender_id uuid,
    content text,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create function public.refuse_to_rewrite() returns trigger
language plpgsql
as $$
begin
    raise exception '% of a % row is not allowed', tg_op, tg_table_name using errcode = 'P0001';
end
$$;

insert into public.rooms (id, kind, slug, created_at) values
    (md5('ann+ben')::uuid, 'dm', 'dm:ann:ben', '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, 'group', 'club', '2025-01-02 00:00:00+00');
insert into public.room_members (room_id, user_id, created_at) values
    (md5('ann+ben')::uuid, md5('ann')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00'),
    (md5('ann+ben')::uuid, md5('ben')::uuid, '2025-01-01 00:00:00+00'),
    (md5('club')::uuid, md5('cara')::uuid, '2025-01-02 00:00:00+00');

-- Every reason to rewrite or to delete: a repeated id, a null id, a sender in the other column, two orphans.
insert into public.chat_messages (id, room_id, sender, sender_id, content, created_at, updated_at) values
    (md5('1')::uuid, md5('ann+ben')::uuid, md5('ann')::uuid, null, 'fine', '2025-01-01 01:00:00+00', '2025-01-01 01:00:00+00'),
    (md5('1')::uuid, md5('ann+ben')::uuid, md5('ben')::uuid, null, 'same id', '2025-01-01 02:00:00+00', null),
    (null, md5('club')::uuid, null, md5('cara')::uuid, 'no id, old sender', '2025-01-02 01:00:00+00', null),
    (md5('2')::uuid, md5('gone')::uuid, md5('ann')::uuid, null, 'no room', '2025-01-03 01:00:00+00', null),
    (md5('3')::uuid, null, md5('ann')::uuid, null, 'no room id', '2025-01-03 02:00:00+00', null);
create trigger no_update before update on public.chat_messages
    for each row execute function public.refuse_to_rewrite();
create trigger no_delete before delete on public.chat_messages
    for each row execute function public.refuse_to_rewrite();
create trigger no_truncate before truncate on public.chat_messages
    for each statement execute function public.refuse_to_rewrite();
create trigger no_update_once_disabled before update on public.chat_messages
    for each row execute function public.refuse_to_rewrite();
alter table public.chat_messages disable trigger no_update_once_disabled;
alter table public.chat_messages enable always trigger no_delete;
