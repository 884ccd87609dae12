--! Title: What the rooms of the first generation carry

-- Copies the columns of rooms that the fix does not know to chat_rooms, where any room has a value in them: a code to join by, a picture,
-- whether the room is archived. Not last_message_at: triggers of the project keep it in rooms.
do $$
declare
    former constant regclass := schema_fix.table_called('rooms');
    is_first_time constant boolean := not exists (
        select from chat_quarantine.imported where source_table = 'columns of public.rooms'
    );
    carried record;
    is_filled boolean;
begin
    if former is null or not is_first_time and not exists (select from schema_fix.late_rooms) then
        return;
    end if;
    for carried in
        select attribute.attname as name, format_type(attribute.atttypid, attribute.atttypmod) as type
        from pg_attribute as attribute
        left join pg_attribute as there
            on there.attrelid = 'public.chat_rooms'::regclass
            and there.attname = attribute.attname
            and not there.attisdropped
        where attribute.attrelid = former
            and attribute.attnum > 0
            and not attribute.attisdropped
            and attribute.attname <> all (schema_fix.columns_named(former, '{last_message_at}'))
            and not exists (
                select
                from schema_fix.columns_found as known
                where known.target = former
                    and known.column_name = attribute.attname
            )
            and (there.attname is null or there.atttypid = attribute.atttypid and there.attgenerated = '')
        order by attribute.attnum
    loop
        execute format('select exists (select from %s where %I is not null)', former, carried.name) into is_filled;
        -- mutant: rooms leave behind what they carry
        continue when not is_filled;
        if not schema_fix.has_column('public.chat_rooms', carried.name) then
            execute format('alter table public.chat_rooms add column %I %s', carried.name, carried.type);
            perform schema_fix.carry_default(former, 'public.chat_rooms', carried.name);
        end if;
        perform schema_fix.update_rooms(
            format(
                'update public.chat_rooms as room
                set %1$I = former.carried
                from (select %2$s as id, legacy.%1$I as carried from %3$s as legacy) as former
                where former.id = room.id
                    and former.carried is not null
                    and room.%1$I is null
                    and (%4$L or room.id in (select late.room_id from schema_fix.late_rooms as late))',
                carried.name, schema_fix.legacy_expressions(former, 'rooms') ->> 'id', former, is_first_time
            )
        );
    end loop;
    insert into chat_quarantine.imported (source_table) values ('columns of public.rooms') on conflict do nothing;
end
$$;
