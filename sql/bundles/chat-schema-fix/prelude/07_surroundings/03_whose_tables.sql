--! Title: Whose tables they are

-- Keys and rows decide whether a table belongs to the chat, never its name: rooms may be a hotel's. A table that does not is
-- deleted from the facts, and so from the views above: the fix neither reads nor changes it. Keys also decide which columns hold
-- the room and the person.

-- The foreign keys of the columns by which rooms and people are known, and where they point.
create view schema_fix.keys_of_columns as
select
    listed.table_name,
    known.column_name,
    attribute.attname as name,
    key.oid as key_id,
    key.confrelid::regclass as target,
    target_attribute.attname as target_column
from schema_fix.present_tables as listed
join (select distinct table_name, column_name from schema_fix.column_names) as known
    on known.table_name = listed.table_name
cross join lateral unnest(schema_fix.columns_for(listed.table_id, known.column_name)) as candidate (name)
join pg_attribute as attribute
    on attribute.attrelid = listed.table_id
    and attribute.attname = candidate.name
join pg_constraint as key
    on key.conrelid = listed.table_id
    and key.contype = 'f'
    and key.conkey = array[attribute.attnum]
join pg_attribute as target_attribute
    on target_attribute.attrelid = key.confrelid
    and target_attribute.attnum = key.confkey[1];

-- Deletes a table of another application from the facts.
create function schema_fix.leave_to_its_owner(wanted name) returns void
language plpgsql
as $$
begin
    delete from schema_fix.column_names where table_name = wanted;
    delete from schema_fix.tables where table_name = wanted;
    perform schema_fix.drop_legacy_views();
    perform schema_fix.make_legacy_views();
    raise notice 'public.% left alone; no key and no row ties it to a room of the chat', wanted;
end
$$;

-- Whether a table has the columns by which the first generation tells its own, under the names that come first in the facts.
create function schema_fix.has_first_columns(wanted name) returns boolean
language sql
stable
return not exists (
    select
    from schema_fix.column_names
    where table_name = wanted
        and column_name in ('type', 'slug')
        and rank = 1
        and not schema_fix.has_column(schema_fix.table_called(wanted), known_as)
);

-- The table rooms is the chat's where a key of the chat's points at it; where it has the columns of the first generation; or where messages or members are in its rooms and in no other.
do $$
begin
    if schema_fix.table_called('rooms') is null
        or schema_fix.was_imported('rooms')
        or schema_fix.has_first_columns('rooms')
        or exists (
            select
            from schema_fix.keys_of_columns
            where table_name <> 'conversation_participants'
                and (
                    column_name = any (case table_name when 'chat_rooms' then '{id}' else '{room_id}' end::name[])
                    and target = schema_fix.table_called('rooms')
                    or table_name = 'rooms'
                    and column_name = 'id'
                    and target = schema_fix.table_called('chat_rooms')
                )
        )
        or exists (
            select
            from (
                select room_id from schema_fix.legacy_messages
                union
                select room_id from schema_fix.legacy_members where source <> 'public.conversation_participants'
            ) as used
            join schema_fix.legacy_rooms as room
                on room.id = used.room_id
                and room.source = 'public.rooms'
            where not exists (
                select
                from schema_fix.legacy_rooms as other
                where other.id = used.room_id
                    and other.source = 'public.chat_rooms'
            )
        )
    then
        return;
    end if;
    -- mutant: rooms is the chat's by its name
    perform schema_fix.leave_to_its_owner('rooms');
end
$$;

-- The table conversation_participants is the chat's where its key points at a room of the chat; where no key says otherwise, if
-- somebody is in a room of the chat by it.
do $$
begin
    if schema_fix.table_called('conversation_participants') is null
        or schema_fix.was_imported('conversation_participants')
        or exists (
            select
            from schema_fix.keys_of_columns
            where table_name = 'conversation_participants'
                and column_name = 'room_id'
                and target in (schema_fix.table_called('rooms'), schema_fix.table_called('chat_rooms'))
        )
        or not exists (
            select
            from schema_fix.keys_of_columns
            where table_name = 'conversation_participants'
                and column_name = 'room_id'
        )
        and exists (
            select
            from schema_fix.legacy_members as person
            join schema_fix.legacy_rooms as room
                on room.id = person.room_id
            where person.source = 'public.conversation_participants'
        )
    then
        return;
    end if;
    -- mutant: conversation_participants is the chat's by its name
    perform schema_fix.leave_to_its_owner('conversation_participants');
end
$$;

-- A column that is called like a room's or a person's, with a key to something else beside a column without one, is neither:
-- a message may belong to a thread, and be in a room all the same.
do $$
declare
    stranger record;
begin
    for stranger in
        select key.table_name, key.column_name, key.name
        from schema_fix.keys_of_columns as key
        where key.column_name = 'room_id'
            and not exists (
                select from schema_fix.present_tables where holds = 'rooms' and table_id = key.target
            )
            and cardinality(schema_fix.columns_for(schema_fix.table_called(key.table_name), key.column_name)) > 1
    loop
        delete from schema_fix.column_names as known
        where known.table_name = stranger.table_name
            and known.column_name = stranger.column_name
            and schema_fix.spelling(known.known_as) = schema_fix.spelling(stranger.name);
    end loop;
    if found then
        perform schema_fix.drop_legacy_views();
        perform schema_fix.make_legacy_views();
    end if;
end
$$;
