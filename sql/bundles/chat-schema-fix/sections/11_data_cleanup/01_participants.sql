--! Title: Participants of the first generation

-- Once, and later those of rooms that came late. A copy of those whose room or user does not exist goes to quarantine.
do $$
declare
    admitted bigint;
begin
    if schema_fix.table_called('conversation_participants') is null
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
    -- mutant: participants of the first generation are not let in
    admitted := schema_fix.add_members('table schema_fix.participants_to_move');
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
