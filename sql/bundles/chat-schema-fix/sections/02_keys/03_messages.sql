--! Title: Messages that a key would forbid

-- Moves messages without a room, or of a room that does not exist, to quarantine. One without a sender stays in its room. A validated
-- foreign key proves nothing, since restoring a dump does not check it. A key that has yet to be made looks at every row anyway
-- (ensure_room_key), but that is too late for a message without an id: what goes to quarantine goes as it was, before it gets one.
do $$
begin
    if not schema_fix.is_required('public.chat_messages', 'room_id') then
        perform schema_fix.quarantine('public.chat_messages', 'stray.room_id is null', 'it names no room');
    end if;

    if exists (
        select
        from pg_constraint
        where conrelid = 'public.chat_messages'::regclass
            and confrelid = 'public.chat_rooms'::regclass
            and convalidated
    ) or not exists (
        select
        from pg_constraint
        where conrelid = 'public.chat_messages'::regclass
            and contype = 'p'
            and conkey = array[(select attnum from pg_attribute where attrelid = conrelid and attname = 'id')]
    ) then
        perform schema_fix.quarantine(
            'public.chat_messages',
            'not exists (select from public.chat_rooms as room where room.id = stray.room_id)',
            'its room does not exist'
        );
    end if;

    -- mutant: messages of nobody go to quarantine
    if not schema_fix.is_required('public.chat_messages', 'content') then
        -- What goes to quarantine goes as it was.
        perform schema_fix.quarantine(
            'public.chat_messages',
            'stray.content is null and not exists (select from public.chat_rooms as room where room.id = stray.room_id)',
            'its room does not exist'
        );
        begin
            perform schema_fix.run_without_triggers(
                'public.chat_messages', 'update public.chat_messages set content = '''' where content is null'
            );
        exception
            -- A check of the project's own forbids empty content.
            when check_violation then
                perform schema_fix.run_without_triggers(
                    'public.chat_messages', 'update public.chat_messages set content = ''-'' where content is null'
                );
        end;
    end if;
end
$$;
