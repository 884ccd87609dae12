--! Title: Tools for memberships

-- Whether a row has a column for the role, in which no word stands that the fix knows.
create function schema_fix.is_of_unknown_role(source text, row_data jsonb) returns boolean
language sql
stable
return exists (
    select
    from unnest(schema_fix.columns_for(source::regclass, 'role')) as role (name)
    having count(*) > 0
        and bool_and(schema_fix.meaning_of('role', row_data ->> role.name) is null)
);

-- Adds people (a query for source, room_id, user_id, role, status, created_at, row_data) to the table for their room's type.
-- A membership that exists stays as it is; a user who is pending or blocked is not added to a direct conversation.
create function schema_fix.add_members(people text, carried name[] default '{}') returns bigint
language plpgsql
as $$
declare
    destination record;
    -- Columns beside the known ones, as far as the table has them.
    names text;
    readings text;
    added bigint := 0;
begin
    for destination in
        select *
        from (values
            (
                'public.chat_room_members'::regclass, ', role, status',
                -- Beside an admin, a creator who is a member by the word is one.
                ', case
                    when room.created_by = person.user_id and (select creators from schema_fix.what_counts) and (
                        schema_fix.is_of_unknown_role(person.source, person.row_data)
                        or not bool_or(person.role = ''admin'' and person.status = ''approved'') over (partition by person.room_id)
                        and not exists (
                            select
                            from public.chat_room_members as admin
                            where admin.room_id = person.room_id
                                and admin.role = ''admin''
                                and admin.status = ''approved''
                        )
                    ) then ''admin''
                    else person.role
                end, person.status',
                'room.type = ''group'' or person.status <> ''approved'''
            ),
            (
                'public.room_members'::regclass, '', '',
                -- mutant: who waits or is blocked is let into a direct conversation
                'room.type = ''dm'' and person.status = ''approved'' and not exists (
                    select
                    from public.chat_room_members as waiting
                    where waiting.room_id = person.room_id
                        and waiting.user_id = person.user_id
                        and waiting.status <> ''approved''
                )'
            )
        ) as membership (table_id, columns, expressions, condition)
    loop
        select
            coalesce(string_agg(format(', %I', name), '' order by place), ''),
            -- Only the column itself: others of a name may be of other types, such as the id.
            -- mutant: memberships that move are read in the types of where they go
            string_agg(
                format(
                    ', (jsonb_populate_record(null::%s, jsonb_build_object(%L, person.row_data -> %2$L))).%2$I',
                    destination.table_id, name
                ),
                '' order by place
            )
        into names, readings
        from unnest(carried) with ordinality as listed (name, place)
        where schema_fix.has_column(destination.table_id, name);
        added := added + schema_fix.run_without_triggers(
            destination.table_id,
            format(
                'insert into %1$s (room_id, user_id, created_at%2$s%3$s)
                select distinct on (person.room_id, person.user_id)
                    person.room_id,
                    person.user_id,
                    coalesce(person.created_at, schema_fix.time_if_required(%1$L, ''created_at''))%4$s%5$s
                from (%6$s) as person
                join public.chat_rooms as room
                    on room.id = person.room_id
                where person.user_id is not null
                    and (%7$s)
                    and %8$s
                order by
                    person.room_id,
                    person.user_id,
                    array_position(array[''blocked'', ''approved'', ''pending''], person.status),
                    person.created_at
                on conflict (room_id, user_id) do nothing',
                destination.table_id,
                destination.columns,
                names,
                destination.expressions,
                readings,
                people,
                destination.condition,
                schema_fix.passes_foreign_keys(destination.table_id, 'user_id', 'person.user_id')
            )
        );
    end loop;
    return added;
end
$$;
