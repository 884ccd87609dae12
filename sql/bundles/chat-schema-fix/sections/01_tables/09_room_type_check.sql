--! Title: The type of a room
--! Remains: chat_rooms.type is not null, with a default and a check on dm and group

-- A check that exists is kept if it allows the same types.
do $$
begin
    alter table public.chat_rooms alter column type set not null;
    if not schema_fix.drop_other_checks('public.chat_rooms', 'type', '{dm,group}') then
        alter table public.chat_rooms add check (type in ('dm', 'group'));
    end if;
    perform schema_fix.ensure_default('public.chat_rooms', 'type', 'group', '{dm,group}');
end
$$;
