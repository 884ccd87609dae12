--! Title: The roles and statuses of members
--! Remains: role and status of chat_room_members are not null, with defaults and checks

-- A check that exists is kept if it allows the same words. Postgres names the others: the usual names may be taken.
do $$
begin
    if not schema_fix.is_required('public.chat_room_members', 'status') then
        alter table public.chat_room_members alter column status set not null;
    end if;
    if not schema_fix.is_required('public.chat_room_members', 'role') then
        alter table public.chat_room_members alter column role set not null;
    end if;
    if not schema_fix.drop_other_checks('public.chat_room_members', 'status', '{approved,pending,blocked}') then
        alter table public.chat_room_members add check (status in ('approved', 'pending', 'blocked'));
    end if;
    if not schema_fix.drop_other_checks('public.chat_room_members', 'role', '{admin,member}') then
        alter table public.chat_room_members add check (role in ('admin', 'member'));
    end if;
    perform schema_fix.ensure_default('public.chat_room_members', 'status', 'pending', '{approved,pending,blocked}');
    perform schema_fix.ensure_default('public.chat_room_members', 'role', 'member', '{admin,member}');
end
$$;
