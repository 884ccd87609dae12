--! Title: What has to be decided about messages in a table that the fix does not know

-- Columns that bear a name of a message's room, sender or words which the fix knows, in whatever schema the application reaches; and, where a table
-- is called after messages, those by which other chats say where a message went, and what it holds.
create view schema_fix.columns_as_of_messages as
select
    relation.oid::regclass as table_id,
    relation.relname as table_name,
    relation.relnamespace = 'public'::regnamespace as is_public,
    attribute.attname as name,
    attribute.attnum as place,
    known.column_name,
    known.is_ours
from (
    select column_name, known_as, true as is_ours
    from schema_fix.column_names
    where table_name = 'chat_messages'
        and column_name in ('room_id', 'sender', 'content')
    union all
    select list.column_name, other.name, false
    from (
        values
            ('room_id'::name, '{group_id,match_id,receiver_id,receiver,recipient_id,recipient,to_user_id,to_user,to_id,to}'),
            ('content', '{parts,payload,ciphertext}')
    ) as list (column_name, names)
    cross join unnest(list.names::name[]) as other (name)
) as known
join pg_attribute as attribute
    on schema_fix.spelling(attribute.attname) = schema_fix.spelling(known.known_as)
    and attribute.attnum > 0
    and not attribute.attisdropped
join pg_class as relation
    on relation.oid = attribute.attrelid
    and relation.relkind in ('r', 'p')
    and not relation.relispartition
    and relation.relnamespace <> 'pg_catalog'::regnamespace
    and has_schema_privilege('authenticated', relation.relnamespace, 'usage')
where known.is_ours
    or relation.relname ~* '(message|chat|^dms?$)';

-- Tables that have all three and are not the fix's: `is_keyed` where a foreign key leads to the chat's rooms.
create view schema_fix.tables_of_messages as
select
    said.table_id,
    min(said.name) filter (where said.column_name = 'room_id') as room_column,
    bool_or(
        said.column_name = 'room_id' and exists (
            select
            from pg_constraint as key
            where key.conrelid = said.table_id
                and key.contype = 'f'
                and key.conkey = array[said.place]
                and key.confrelid in (select table_id from schema_fix.present_tables where holds = 'rooms')
        )
    ) as is_keyed
from schema_fix.columns_as_of_messages as said
where said.is_ours
    and said.is_public
    and said.table_name not in (select table_name from schema_fix.tables)
    and has_table_privilege(said.table_id, 'select')
    -- What leads to something else is no room.
    and not (
        said.column_name = 'room_id' and exists (
            select
            from pg_constraint as key
            where key.conrelid = said.table_id
                and key.contype = 'f'
                and key.conkey = array[said.place]
                and key.confrelid not in (select table_id from schema_fix.present_tables where holds = 'rooms')
        )
    )
group by said.table_id
having count(distinct said.column_name) = 3;

-- How many rows of a table are in a room of the chat, and whether there is any row.
create function schema_fix.rows_in_rooms(target regclass, room_column name, out counted bigint, out is_empty boolean)
language plpgsql
stable
as $$
begin
    execute format(
        'select count(*) filter (where schema_fix.room_uuid(%I::text) in (select id from schema_fix.legacy_rooms)), count(*) = 0 from %s',
        room_column, target
    ) into counted, is_empty;
end
$$;

create view schema_fix.decisions_about_messages_elsewhere (name, problem, may_be_acknowledged) as
select
    elsewhere.table_id::text,
    format(
        '%1$s holds messages%2$s, and the fix makes public.chat_messages, where the application looks for them, and knows no other: rename it before'
            ' (alter table %1$s rename to chat_messages), with what reads it',
        elsewhere.table_id, case when said.counted > 0 then format(', %s of them in rooms of the chat', said.counted) end
    ),
    true
from schema_fix.tables_of_messages as elsewhere
cross join lateral schema_fix.rows_in_rooms(elsewhere.table_id, elsewhere.room_column) as said
-- mutant: messages of another table stay behind without a word
where not exists (select from schema_fix.legacy_messages)
    and not schema_fix.was_applied()
    and exists (select from schema_fix.present_tables where holds = 'rooms')
    -- A view of that name, or a partitioned table, is looked at by itself.
    and (to_regclass('public.chat_messages') is null or schema_fix.table_called('chat_messages') is not null)
    and (
        said.counted > 0
        -- Where nothing was written yet, the shape tells.
        or schema_fix.table_called('chat_messages') is null
        and (elsewhere.is_keyed or said.is_empty and not exists (select from schema_fix.legacy_rooms))
    );
