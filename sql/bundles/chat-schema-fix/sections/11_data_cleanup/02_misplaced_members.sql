--! Title: Members in the table for the other type of room

-- A pending or blocked user of a direct conversation moves from room_members, which gives access, to chat_room_members, which gives none in
-- a direct conversation. Once. An unknown word stays: it may mean that they are in.
do $$
#variable_conflict use_variable
begin
    if exists (select from chat_quarantine.imported where source_table = 'public.room_members who wait') then
        return;
    end if;
    create view schema_fix.people_kept_out as
    select person.source, person.room_id, person.user_id, 'member' as role, person.status, person.created_at, person.row_data
    from schema_fix.legacy_members as person
    join public.chat_rooms as room
        on room.id = person.room_id
        and room.type = 'dm'
    where person.source = 'public.room_members'
        and (schema_fix.meaning_of('status', person.word) in ('pending', 'blocked') or person.flag is not null);
    perform schema_fix.add_members('table schema_fix.people_kept_out');
    perform schema_fix.quarantine(
        'public.room_members',
        '(stray.room_id, stray.user_id) in (select room_id, user_id from schema_fix.people_kept_out)',
        'somebody who waits or is blocked is no member of a direct conversation: their status is in chat_room_members'
    );
    drop view schema_fix.people_kept_out;
    insert into chat_quarantine.imported (source_table) values ('public.room_members who wait');
end
$$;

-- Moves members of groups from room_members to chat_room_members, and members of direct conversations the other way. Where foreign keys,
-- policies or views of the project need the originals, these are copied instead, once, and stay: they give no access there.
do $$
declare
    misplaced record;
    is_referenced boolean;
    people text;
    carried name[];
    moved bigint;
    -- Conditions on a row of the source: its room is of the type; its person is in the destination now; and the two rows differ in one of
    -- the columns %L.
    is_of_type text;
    has_arrived text;
    says_more text;
begin
    for misplaced in
        select *
        from (values
            ('public.room_members', 'group', 'public.chat_room_members', 'true'),
            -- mutant: pending and blocked members of a direct conversation are moved to its people
            ('public.chat_room_members', 'dm', 'public.room_members', 'stray.status = ''approved''')
        ) as membership (source, type, destination, condition)
    loop
        is_referenced := schema_fix.memberships_stay(misplaced.source::regclass);
        if is_referenced and exists (
            select from chat_quarantine.imported where source_table = misplaced.source || ' of ' || misplaced.type
        ) then
            continue;
        end if;

        people := format(
            'select stray.*
            from schema_fix.legacy_members as stray
            join public.chat_rooms as its_room
                on its_room.id = stray.room_id
                and its_room.type = %2$L
            -- mutant: members in the table of the other type of room are dropped
            where stray.source = %1$L
                and %3$s',
            misplaced.source, misplaced.type, misplaced.condition
        );
        carried := schema_fix.add_columns_of_members(people, misplaced.source, misplaced.destination);
        moved := schema_fix.add_members(people, carried);
        if is_referenced then
            insert into chat_quarantine.imported (source_table) values (misplaced.source || ' of ' || misplaced.type);
        else
            is_of_type := format(
                '%s and exists (select from public.chat_rooms as its_room where its_room.id = stray.room_id and its_room.type = %L)',
                misplaced.condition, misplaced.type
            );
            has_arrived := format(
                'exists (select from %s as arrived where arrived.room_id = stray.room_id and arrived.user_id = stray.user_id%%s)',
                misplaced.destination
            );
            says_more := format(
                has_arrived,
                ' and exists (
                    select
                    from unnest(%L::name[]) as column_name
                    where schema_fix.as_jsonb(stray) ->> column_name is distinct from schema_fix.as_jsonb(arrived) ->> column_name
                )'
            ) || ' and ' || is_of_type;
            has_arrived := format(has_arrived, '') || ' and ' || is_of_type;

            -- Copies what only the row in the source says: any carried column where the person was in the destination already, and its id.
            perform schema_fix.copy_to_quarantine(
                misplaced.source,
                format(says_more, carried),
                'the same person was in the table for this type of room already, and their membership there was kept'
            );
            perform schema_fix.copy_to_quarantine(
                misplaced.source,
                -- mutant: memberships that move lose their id
                format(says_more, schema_fix.columns_named(misplaced.source, '{id}')) || format(' and not (' || says_more || ')', carried),
                'a copy of a membership that moved: not all that it said is where it moved to'
            );
            perform schema_fix.keep_words_of_members(misplaced.source, has_arrived);
            perform schema_fix.run_without_triggers(
                misplaced.source, format('delete from %s as stray where %s', misplaced.source, has_arrived)
            );
            perform schema_fix.quarantine(misplaced.source, is_of_type, 'the table for its kind of room knows no such user');
        end if;
        if moved > 0 then
            raise notice '%: % memberships of rooms of type % moved', misplaced.source, moved, misplaced.type;
        end if;
    end loop;
end
$$;
