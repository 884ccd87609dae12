--! Title: What has to be decided about who is an admin or a member of any room

-- With the fix everybody is the admin of a group that they make. What asks whether somebody is an admin, or a member, and not of which room, let in
-- whom the server made one, where people could not make themselves one; and from now on everybody.
create view schema_fix.decisions_about_rooms_of_any (name, problem, may_be_acknowledged) as
with members as materialized (
    select
        present.table_id,
        (select string_agg(lower(name), '|') from unnest(schema_fix.columns_for(present.table_id, 'room_id')) as room (name)) as rooms,
        (select string_agg(lower(name), '|') from unnest(schema_fix.columns_for(present.table_id, 'user_id')) as person (name)) as people
    from schema_fix.present_tables as present
    where present.table_name = 'chat_room_members'
        and not exists (select from schema_fix.recursive_policies)
        and not schema_fix.was_applied()
),
asking as (
    select reader.name, reader.what, lower(reader.source) as source, members.people, members.rooms
    from members
    join schema_fix.readers as reader
        on reader.table_id = members.table_id
        and reader.relation_id not in (select table_id from schema_fix.present_tables)
        and reader.kind in ('policy', 'view')
    union
    select
        used.called_id::regprocedure::text,
        format('function %s', used.called_id::regprocedure),
        schema_fix.without_comments(used.source_with_constants),
        members.people,
        members.rooms
    from members
    join schema_fix.functions_in_use as used
        on used.source ~ schema_fix.table_after('(?<!\mdelete )from|join', 'chat_room_members')
        and used.called_id not in (select function_id from schema_fix.functions_that_go)
    join pg_proc as routine
        on routine.oid = used.called_id
        -- What answers yes or no, or refuses.
        and (routine.prorettype = 'boolean'::regtype or used.source ~ '\mraise\s+(exception\M|'')')
)
select
    asking.name,
    format(
        'the %s asks whether somebody is %s, and not of which room; people could not make themselves one, and with the fix everybody is, of a group'
            ' that they make: let it ask another table',
        asking.what, case wanted.role when 'admin' then 'an admin' else 'a member' end
    ),
    true
from asking
cross join lateral (select case when asking.source ~ '''admin''' then 'admin' else 'member' end as role) as wanted
-- mutant: an admin of any room is whoever makes one
where asking.source !~ format('\m(%s)\M', asking.rooms)
    and asking.source ~ format('\m(%s)\M', asking.people)
    and not schema_fix.people_enter_groups(wanted.role);
