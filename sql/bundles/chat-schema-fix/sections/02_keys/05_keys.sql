--! Title: The keys
--! Remains: primary keys, foreign keys on room_id, and a trigger that keeps the sender where a key would take it off a message

-- Now every row has what the application relies on.
do $$
declare
    needed record;
begin
    for needed in
        select format('public.%I', table_name)::regclass as target, column_name
        from schema_fix.columns
        where is_required
            and table_name <> 'chat_rooms'
            and column_name not in ('role', 'status')
    loop
        if not schema_fix.is_required(needed.target, needed.column_name) then
            execute format('alter table %s alter column %I set not null', needed.target, needed.column_name);
        end if;
    end loop;
end
$$;

-- A key `on delete set null` would take the sender off a message when an account is deleted, and the account could not be
-- deleted any more: the message keeps the id of who wrote it. Only such a key needs the trigger.
do $$
declare
    needs_trigger constant boolean := exists (
        select
        from pg_constraint
        where conrelid = 'public.chat_messages'::regclass
            and contype = 'f'
            and confdeltype = 'n'
            and conkey && array(
                select attnum
                from pg_attribute
                where attrelid = conrelid
                    and attname = any (schema_fix.columns_for(conrelid, 'sender'))
            )
    );
    definition constant text :=
        'CREATE TRIGGER chat_messages_keep_sender BEFORE UPDATE ON public.chat_messages FOR EACH ROW'
        ' WHEN (((new.sender IS NULL) AND (old.sender IS NOT NULL)))'
        ' EXECUTE FUNCTION public.keep_chat_message_sender()';
begin
    if not needs_trigger then
        return;
    end if;
    create or replace function public.keep_chat_message_sender() returns trigger
    language plpgsql
    set search_path = ''
    as $body$
    begin
        new.sender := old.sender;
        return new;
    end
    $body$;
    revoke execute on function public.keep_chat_message_sender() from public, anon, authenticated, service_role;
    if not exists (
        select
        from pg_trigger
        where tgrelid = 'public.chat_messages'::regclass
            and pg_get_triggerdef(oid) = definition
            and tgenabled = 'O'
    ) then
        drop trigger if exists chat_messages_keep_sender on public.chat_messages;
        execute definition;
    end if;
end
$$;

-- The other primary keys.
do $$
begin
    perform schema_fix.ensure_primary_key('public.chat_room_members', '{room_id,user_id}');
    perform schema_fix.ensure_primary_key('public.room_members', '{room_id,user_id}');
    perform schema_fix.ensure_primary_key('public.chat_messages', '{id}');
end
$$;

-- The columns of a former key are ordinary ones now.
select schema_fix.relax_other_columns();

-- The foreign keys.
do $$
begin
    perform schema_fix.ensure_room_key('public.chat_messages', 'chat_messages_room_id_fkey');
    perform schema_fix.ensure_room_key('public.chat_room_members', 'chat_room_members_room_id_fkey');
    perform schema_fix.ensure_room_key('public.room_members', 'room_members_room_id_fkey');
end
$$;
