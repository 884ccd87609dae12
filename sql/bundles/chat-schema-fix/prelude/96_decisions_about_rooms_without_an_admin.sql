--! Title: What has to be decided about rooms in which nobody may let anybody in

create view schema_fix.decisions_about_rooms_without_an_admin (name, problem, may_be_acknowledged) as
-- A column of rooms that names people where none that the fix knows says who made a room: it may be the creator.
-- mutant: who made a room is nobody, and no room has an admin
select
    format('%s.%I', room.table_id, attribute.attname),
    format(
        '%1$s.%2$I names people, and no column that the fix knows says who made a room: no room would have an admin, who lets others in. Call it'
            ' created_by, if it says that; or acknowledge it',
        room.table_id, attribute.attname
    ),
    true
from schema_fix.present_tables as room
join pg_attribute as attribute
    on attribute.attrelid = room.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
    and attribute.atttypid in ('uuid'::regtype, 'text'::regtype, 'character varying'::regtype)
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = room.table_id)
where room.holds = 'rooms'
    and schema_fix.columns_for(room.table_id, 'created_by') = '{}'
    and not exists (select from schema_fix.legacy_members where role = 'admin')
    and schema_fix.names_people(room.table_id, attribute.attname, 'true')
    and not schema_fix.was_applied()
union all
-- Groups that whoever likes joined: with the fix an admin admits them, and there is none.
-- mutant: whoever joins a group without an admin waits for ever
select
    format('%s.%I', policy.table_id, policy.name),
    format(
        'by the policy %I on %s people join groups, and with the fix an admin lets them in: no group has one, and no column that the fix knows says who'
            ' made a group. Give memberships a role, or rooms a created_by; or acknowledge that nobody comes in any more',
        policy.name, policy.table_id
    ),
    true
from schema_fix.present_policies as policy
join pg_class as relation
    on relation.oid = policy.table_id
    and relation.relrowsecurity
where policy.table_name = 'chat_room_members'
    and policy.is_permissive
    and policy.command in ('a', '*')
    and policy.policy_id not in (select recursive.policy_id from schema_fix.recursive_policies as recursive)
    and policy.check_expression is distinct from 'false'
    and schema_fix.binds_signed_in(policy.roles)
    and not policy.has_our_name
    and exists (
        select
        from schema_fix.legacy_members as member
        join schema_fix.legacy_rooms as room
            on room.id = member.room_id
            and room.type is distinct from 'dm'
    )
    and not exists (select from schema_fix.legacy_members where role = 'admin')
    and not exists (select from schema_fix.legacy_rooms where created_by is not null)
    and not schema_fix.was_applied();
