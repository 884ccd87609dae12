--! Title: Keys that lead from members to their people

-- Tables of members that have no foreign key for the person and will hold memberships of another table that has one, or are made beside it.
create table schema_fix.keys_of_people as
with keys as materialized (select * from schema_fix.keys_of_columns where column_name = 'user_id')
select distinct keyed.table_name as source, arriving.table_name as destination
from (values ('chat_room_members'::name, 'group'), ('room_members', 'dm')) as arriving (table_name, type)
join keys as keyed
    on keyed.table_name in (select table_name from schema_fix.tables where holds = 'members')
    and keyed.table_name <> arriving.table_name
    and keyed.target not in (select table_id from schema_fix.present_tables)
where not exists (
        select from keys as own where own.table_name = arriving.table_name
    )
    and not schema_fix.was_applied()
    and (
        schema_fix.table_called(arriving.table_name) is null
        or exists (
            select
            from schema_fix.legacy_members as member
            join schema_fix.legacy_rooms as room
                on room.id = member.room_id
                and room.type = arriving.type
            where member.source = 'public.' || keyed.table_name
                and member.status = 'approved'
        )
    );
