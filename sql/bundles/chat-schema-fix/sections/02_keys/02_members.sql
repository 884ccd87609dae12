--! Title: Memberships that a key would forbid

-- Moves memberships without a room or a person to quarantine, and all but one of several for the same person in the same room. Blocked
-- counts more than approved, so that nobody who was shut out is in; approved counts more than pending, so that nobody who was in is out.
do $$
declare
    target regclass;
begin
    foreach target in array array['public.chat_room_members', 'public.room_members']::regclass[] loop
        perform schema_fix.quarantine(target, 'stray.room_id is null', 'it names no room');
        perform schema_fix.quarantine(target, 'stray.user_id is null', 'it names no user');
        perform schema_fix.quarantine(
            target,
            'not exists (select from public.chat_rooms as room where room.id = stray.room_id)',
            'its room does not exist'
        );
        perform schema_fix.quarantine(
            target,
            format(
                'stray.ctid in (
                    select numbered.ctid
                    from (
                        select
                            member.ctid,
                            row_number() over (
                                partition by member.room_id, member.user_id
                                order by %s member.created_at, member.ctid
                            ) as place
                        from %s as member
                    ) as numbered
                    where numbered.place > 1
                )',
                case
                    when target = 'public.chat_room_members'::regclass then
                        'array_position(
                            -- mutant: of contradicting memberships the approved one stands
                            array[''blocked'', ''approved'', ''pending''], schema_fix.known_status(member.status)
                        ),
                        coalesce(btrim(member.status), '''') = '''',
                        member.status = ''pending'' desc,
                        member.role = ''admin'' desc nulls last,'
                end,
                target
            ),
            'another membership of the same person in the same room was kept'
        );
    end loop;
end
$$;
