--! Title: What has to be decided about rooms that go with something else

-- Where a key deletes a room with what it belongs to, and another kept the rooms that have messages or members: the fix's own keys delete
-- these with the room, so whoever deletes a project deletes what everybody wrote there.
create view schema_fix.decisions_about_cascades (name, problem, may_be_acknowledged) as
select
    format('%s.%I', room.table_id, above.conname),
    format(
        'the foreign key %I deletes a room of %s with its row of %s, which today %s keeps if somebody wrote or is in the room; with the fix'
            ' all of it is deleted with that row: let the key set null or restrict',
        above.conname, room.table_id, above.confrelid::regclass, string_agg(distinct below.conrelid::regclass::text, ' and ')
    ),
    true
from schema_fix.present_tables as room
join pg_constraint as above
    on above.conrelid = room.table_id
    and above.contype = 'f'
    -- mutant: whoever deletes what a room belongs to deletes what was written there
    and above.confdeltype = 'c'
    and above.confrelid not in (select table_id from schema_fix.present_tables)
join pg_constraint as below
    on below.confrelid = room.table_id
    and below.contype = 'f'
    and below.confdeltype in ('a', 'r')
    and below.conrelid in (select table_id from schema_fix.present_tables where holds in ('messages', 'members'))
where room.holds = 'rooms'
    and not schema_fix.was_applied()
group by room.table_id, above.conname, above.confrelid;
