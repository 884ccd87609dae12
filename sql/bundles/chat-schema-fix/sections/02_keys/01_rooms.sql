--! Title: Rooms without an id, or with another's

-- A room without an id gets one. Of several rooms with one id the oldest keeps it; the others go to quarantine.
do $$
begin
    if not schema_fix.is_required('public.chat_rooms', 'id') then
        perform schema_fix.run_without_triggers(
            'public.chat_rooms', 'update public.chat_rooms set id = gen_random_uuid() where id is null'
        );
    end if;

    perform schema_fix.quarantine(
        'public.chat_rooms',
        'stray.ctid in (
            select numbered.ctid
            from (
                select
                    room.ctid,
                    row_number() over (partition by room.id order by room.created_at, room.title, room.ctid) as place
                from public.chat_rooms as room
            ) as numbered
            where numbered.place > 1
        )',
        'another room has its id'
    );

    if not schema_fix.is_required('public.chat_rooms', 'id') then
        alter table public.chat_rooms alter column id set not null;
    end if;
    perform schema_fix.ensure_primary_key('public.chat_rooms', '{id}');
end
$$;
