--! Title: Tools that read what cannot be converted

-- A query for the ids of all rooms there are.
create function schema_fix.ids_of_rooms() returns text
language sql
stable
as $$
    select string_agg(format('select schema_fix.room_uuid(id::text) from %s', oid::regclass), ' union all ')
    from pg_class
    where oid in (schema_fix.table_called('chat_rooms'), schema_fix.table_called('rooms'))
        and schema_fix.has_column(oid, 'id')
$$;

-- Where room_id is a word that is no room's id, and an older column holds a room's id, the older column counts.
create function schema_fix.prefer_known_rooms(target regclass, older_names name[]) returns void
language plpgsql
as $$
declare
    rooms constant text := schema_fix.ids_of_rooms();
    type constant regtype := (select atttypid from pg_attribute where attrelid = target and attname = 'room_id');
    older name;
    wrong text;
    is_wrong boolean;
begin
    foreach older in array case when type in ('text'::regtype, 'character varying'::regtype) then older_names else '{}' end loop
        wrong := format(
            'schema_fix.user_uuid(room_id::text) is null and schema_fix.room_uuid(room_id::text) not in (%2$s)'
                ' and schema_fix.room_uuid(%1$I::text) in (%2$s)',
            older, rooms
        );
        execute format('select exists (select from %s where %s)', target, wrong) into is_wrong;
        if is_wrong then
            perform schema_fix.run_without_triggers(
                target,
                format('update %s set room_id = %I::text where %s', target, older, wrong)
            );
        end if;
    end loop;
end
$$;

-- Refuses rooms whose ids are one uuid written differently, or of which one is what the fix makes of the other's: two would become one, and
-- the people of each would read the other's messages.
create function schema_fix.refuse_ambiguous_ids(target regclass, id name) returns void
language plpgsql
as $$
declare
    is_ambiguous boolean;
begin
    execute format(
        'select exists (select from %s group by schema_fix.room_uuid(%2$I::text) having count(distinct %2$I::text) > 1)', target, id
    ) into is_ambiguous;
    if is_ambiguous then
        raise exception 'two rooms of % have the same uuid, written differently', target
            using
                errcode = 'unique_violation',
                hint = 'Give one of them another id, there and in its messages and members; then run the fix again.';
    end if;
end
$$;

-- Before a column of text becomes one of ids or times, moves rows that cannot be converted to quarantine, as they are written.
create function schema_fix.quarantine_unreadable(
    target regclass, column_name name, wanted_type regtype, readable text
) returns void
language plpgsql
as $$
declare
    rooms constant text := schema_fix.ids_of_rooms();
    is_unreadable constant text := format(
        '%I is not null and %s is null', column_name, schema_fix.conversion(target, column_name, column_name, wanted_type)
    );
    is_without boolean;
begin
    if column_name = 'room_id' then
        perform schema_fix.quarantine(
            target,
            format('schema_fix.room_uuid(stray.room_id::text) not in (%s)', rooms),
            'its room does not exist'
        );
    elsif column_name <> 'id' then
        if column_name = 'user_id' then
            perform schema_fix.quarantine(
                target, format('%I is not null and %s is null', column_name, readable), column_name || ' is not the id of a user'
            );
        end if;
        perform schema_fix.copy_to_quarantine(
            target, is_unreadable, format('%s is no %s: a copy of the row, which stays without it', column_name, wanted_type)
        );
        execute format('select exists (select from %s where %s)', target, is_unreadable) into is_without;
        if is_without then
            -- mutant: a time that is none stops the fix where there must be one
            execute format('alter table %s alter column %I drop not null', target, column_name);
        end if;
    end if;
end
$$;
