--! Title: Check foreign key

-- The guide's first command, of the catalog: information_schema hides keys of tables that the role does not own.
select
    'chat_messages_room_id_fkey' as object,
    'public.chat_rooms' as expected,
    coalesce(
        (
            select n.nspname || '.' || c.relname
            from pg_catalog.pg_constraint as k
            join pg_catalog.pg_class as c on c.oid = k.confrelid
            join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
            where k.conrelid = pg_catalog.to_regclass('public.chat_messages')
                and k.contype = 'f'
                and k.conname = 'chat_messages_room_id_fkey'
        ),
        'no such key'
    ) as actual,
    exists (
        select
        from pg_catalog.pg_constraint as k
        where k.conrelid = pg_catalog.to_regclass('public.chat_messages')
            and k.contype = 'f'
            and k.conname = 'chat_messages_room_id_fkey'
            and k.confrelid = pg_catalog.to_regclass('public.chat_rooms')
    ) as pass;
