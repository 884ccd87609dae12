--! Title: What has to be decided about views that show everybody the rooms

-- A view of rooms alone, a directory, that reads with the rights of whoever asks, where nothing hid a row: with the fix a row is hidden from those who
-- are not in the room.
create view schema_fix.decisions_about_views_of_rooms (name, problem, may_be_acknowledged) as
select
    view.oid::regclass::text,
    format(
        'the view %1$s reads %2$s with the rights of whoever asks, and %2$s has no row level security: with the fix the view shows each the rooms that they'
            ' are in, and no other: take security_invoker off (alter view %1$s set (security_invoker = false)), if everybody is to see what it shows, or'
            ' acknowledge it',
        view.oid::regclass, room.table_id
    ),
    true
from schema_fix.present_tables as room
join pg_class as relation
    on relation.oid = room.table_id
    and not relation.relrowsecurity
join pg_class as view
    on view.relkind = 'v'
    and schema_fix.reads(view.oid, room.table_id)
    and not schema_fix.reads_for_its_owner(view.oid)
where room.table_name = 'chat_rooms'
    and (has_any_column_privilege('authenticated', view.oid, 'select') or has_any_column_privilege('anon', view.oid, 'select'))
    and not exists (
        select from schema_fix.present_tables as other where other.holds <> 'rooms' and schema_fix.reads(view.oid, other.table_id)
    )
    and not schema_fix.was_applied();
