--! Title: Participants of the first generation

-- Moves the participants of the first generation, once; later only those of rooms that section 01 moved late. Copies of those whose room or
-- user does not exist go to quarantine.
do $$
#variable_conflict use_variable
declare
    source constant regclass := schema_fix.table_called('conversation_participants');
    admitted bigint;
begin
    if source is null
        or exists (select from chat_quarantine.imported where source_table = 'public.conversation_participants')
        and not exists (select from schema_fix.late_rooms)
    then
        return;
    end if;

    create view schema_fix.participants_to_move as
    select person.*
    from schema_fix.legacy_members as person
    where person.source = 'public.conversation_participants'
        and (
            not exists (select from chat_quarantine.imported where source_table = 'public.conversation_participants')
            or person.room_id in (select late.room_id from schema_fix.late_rooms as late)
        );
    -- Their other columns come along, but not those that say who left or is blocked: these have become the status.
    -- mutant: participants of the first generation are not let in
    -- mutant: participants of the first generation leave behind what they carry
    admitted := schema_fix.add_members('table schema_fix.participants_to_move', array(
        select name
        from (values ('dm', 'public.room_members'::regclass), ('group', 'public.chat_room_members')) as kind (type, destination)
        cross join unnest(schema_fix.add_columns_of_members(
            format(
                'select person.* from schema_fix.participants_to_move as person join public.chat_rooms as room on room.id = person.room_id'
                    ' where case when person.status = ''approved'' then room.type else ''group'' end = %L',
                kind.type
            ),
            source,
            kind.destination,
            array['id'::name] || array(select known_as from schema_fix.flags where column_name = 'status')
        )) as name
        group by name
    ));
    insert into chat_quarantine.rows (source_table, reason, row_data)
    select
        'public.conversation_participants',
        'a copy of a membership that fits nowhere: its room or its user does not exist',
        person.row_data
    from schema_fix.participants_to_move as person
    where not exists (
            select
            from public.chat_room_members as member
            where member.room_id = person.room_id
                and member.user_id = person.user_id
        )
        and not exists (
            select
            from public.room_members as member
            where member.room_id = person.room_id
                and member.user_id = person.user_id
        );
    drop view schema_fix.participants_to_move;
    -- mutant: participants are imported again by every run
    insert into chat_quarantine.imported (source_table) values ('public.conversation_participants') on conflict do nothing;
    raise notice 'public.conversation_participants: % memberships moved', admitted;
end
$$;
