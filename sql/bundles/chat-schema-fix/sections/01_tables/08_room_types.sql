--! Title: Every room is a group or a direct conversation

-- Keeps copies of rooms whose type loses something: an unknown word, or one of two that become the same (channel and team become group).
do $$
begin
    perform schema_fix.copy_to_quarantine(
        'public.chat_rooms',
        'lower(btrim(stray.type)) not in ('''', ''dm'', ''group'')
            and (
                schema_fix.meaning_of(''type'', stray.type) is null
                or exists (
                    select
                    from public.chat_rooms as other
                    where lower(btrim(other.type)) <> lower(btrim(stray.type))
                        and schema_fix.meaning_of(''type'', other.type) = schema_fix.meaning_of(''type'', stray.type)
                )
            )
            and not exists (select from schema_fix.legacy_rooms as legacy where legacy.source = ''public.rooms'' and legacy.id = stray.id)',
        'a copy of a room: its type was another word'
    );
end
$$;

-- A type that is missing or unknown is what a boolean column says, where there is one.
do $$
declare
    flag name;
begin
    foreach flag in array schema_fix.flags_for('public.chat_rooms', 'type', 'group') loop
        perform schema_fix.update_rooms(
            format(
                'update public.chat_rooms
                set type = case %1$I::text when ''true'' then ''group'' else ''dm'' end
                where %1$I::text in (''true'', ''false'')
                    and coalesce(type, '''') not in (''dm'', ''group'')
                    and schema_fix.meaning_of(''type'', type) is null',
                flag
            )
        );
    end loop;
end
$$;

-- A type that is still missing or unknown is what its word means. Without such a word, a room with group members or more than two people
-- is a group, one with fewer people a direct conversation, and one without people a group if it has a title. A group without a title gets
-- its slug as the title.
do $$
#variable_conflict use_variable
declare
    named bigint;
begin
    if not exists (select from public.chat_rooms where type is null or type not in ('dm', 'group')) then
        return;
    end if;

    named := schema_fix.update_rooms($sql$
        with people as (
            select member.room_id, count(distinct member.person) as number
            from schema_fix.legacy_members as member
            where member.source <> 'public.chat_room_members'
            group by member.room_id
        ),
        slugs as (
            select legacy.id, min(legacy.slug) as slug
            from schema_fix.legacy_rooms as legacy
            where legacy.source = 'public.rooms'
            group by legacy.id
        )
        update public.chat_rooms as room
        set
            type = found.type,
            title = coalesce(room.title, case found.type when 'group' then found.slug end)
        from (
            select
                untyped.ctid as place,
                coalesce(
                    schema_fix.meaning_of('type', untyped.type),
                    case
                        when exists (select from public.chat_room_members as member where member.room_id = untyped.id)
                            then 'group'
                        when people.number > 2 then 'group'
                        when people.number is not null then 'dm'
                        when btrim(untyped.title) <> '' then 'group'
                        else 'dm'
                    end
                ) as type,
                slugs.slug
            from public.chat_rooms as untyped
            left join people on people.room_id = untyped.id
            left join slugs on slugs.id = untyped.id
            where untyped.type is null
                or untyped.type not in ('dm', 'group')
        ) as found
        where found.place = room.ctid
    $sql$);
    raise notice 'public.chat_rooms: type of % rooms set to dm or group', named;
end
$$;
