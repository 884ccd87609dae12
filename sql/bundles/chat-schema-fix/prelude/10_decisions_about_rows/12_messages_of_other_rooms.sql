--! Title: What has to be decided about messages whose room is kept elsewhere

-- Messages in no room that the fix knows, whose room is a row of another table (a group, a booking, an account), or is that of the message
-- which they answer. `source` is the column of the table, or the one that says which message. One of a room that was deleted is in no table.
create function schema_fix.messages_of_other_rooms(out source text, out is_reply boolean, out counted bigint) returns setof record
language plpgsql
stable
as $$
declare
    messages constant regclass := schema_fix.table_called('chat_messages');
    strays text[];
    elsewhere record;
begin
    if messages is null then
        return;
    end if;
    is_reply := false;
    -- With a key that was checked each message is in a room.
    if not exists (
        select
        from schema_fix.keys_of_columns as key
        join pg_constraint as checked
            on checked.oid = key.key_id
            and checked.convalidated
        where key.table_name = 'chat_messages'
            and key.column_name = 'room_id'
    ) then
        strays := array(
            select distinct message.room_id::text
            from schema_fix.legacy_messages as message
            where message.room_id is not null
                and message.room_id not in (select room.id from schema_fix.legacy_rooms as room where room.id is not null)
        );
    end if;
    if strays <> '{}' then
        for elsewhere in
            select relation.oid::regclass as table_id, attribute.attname as name, attribute.atttypid::regtype as type
            from pg_class as relation
            join pg_index as key
                on key.indrelid = relation.oid
                and key.indisprimary
                and key.indnkeyatts = 1
            join pg_attribute as attribute
                on attribute.attrelid = relation.oid
                and attribute.attnum = key.indkey[0]
                and attribute.atttypid in ('uuid'::regtype, 'text'::regtype, 'character varying'::regtype)
                -- What is noted of a room that is gone is no room.
                and schema_fix.spelling(attribute.attname) not in (
                    select schema_fix.spelling(known.known_as)
                    from schema_fix.column_names as known
                    where known.column_name = 'room_id'
                )
            where relation.relkind in ('r', 'p')
                and not relation.relispartition
                and (relation.relnamespace = 'public'::regnamespace or relation.oid = to_regclass('auth.users'))
                and relation.oid not in (select present.table_id from schema_fix.present_tables as present)
                and has_table_privilege(relation.oid, 'select')
        loop
            source := format('%s.%I', elsewhere.table_id, elsewhere.name);
            execute format(
                'select count(*) from %s where %I = any ($1::%s[])', elsewhere.table_id, elsewhere.name, elsewhere.type
            ) using strays into counted;
            if counted > 0 then
                return next;
            end if;
        end loop;
    end if;

    is_reply := true;
    for elsewhere in
        select attribute.attname as name, room.name as room, id.name as id
        from unnest(schema_fix.columns_for(messages, 'room_id')) as room (name)
        join pg_attribute as placed
            on placed.attrelid = messages
            and placed.attname = room.name
            and not placed.attnotnull
        cross join lateral (select (schema_fix.columns_for(messages, 'id'))[1] as name) as id
        join pg_attribute as known
            on known.attrelid = messages
            and known.attname = id.name
        join pg_attribute as attribute
            on attribute.attrelid = messages
            and attribute.attnum > 0
            and not attribute.attisdropped
            and attribute.atttypid = known.atttypid
            and attribute.attname not in (select ours.name from schema_fix.known_columns as ours where ours.table_id = messages)
    loop
        source := format('%s.%I', messages, elsewhere.name);
        execute format(
            'select count(*) from %1$s as reply join %1$s as answered on answered.%2$I = reply.%3$I where reply.%4$I is null and answered.%4$I is not null',
            messages, elsewhere.id, elsewhere.name, elsewhere.room
        ) into counted;
        if counted > 0 then
            return next;
        end if;
    end loop;
end
$$;

create view schema_fix.decisions_about_messages_of_other_rooms (name, problem, may_be_acknowledged) as
select
    'public.chat_messages.room_id',
    case
        when said.is_reply then format(
            '%s messages have no room and say by %s which message they answer, that has one: they would go to quarantine, and every new message has a'
                ' room: write that of the message they answer into them, and let the application send it',
            said.counted, said.source
        )
        else format(
            'messages name %s rooms that are in %s, not in public.chat_rooms: they would go to quarantine, and new ones be refused: make rooms of them'
                ' first, with who is in them',
            said.counted, said.source
        )
    end,
    true
-- mutant: messages of rooms in another table go to quarantine without a word
from schema_fix.messages_of_other_rooms() as said
where not schema_fix.was_applied();
