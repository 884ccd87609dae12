--! Title: Which columns beside the type of a room say something else

-- Where the type says of every room what it is, an older name for it may be something else: who finds the room.
create function schema_fix.says_something_else(target regclass, type name, other name) returns boolean
language plpgsql
stable
as $$
declare
    is_so boolean;
begin
    execute format(
        'select coalesce(bool_and(schema_fix.meaning_of(''type'', %I::text) is not null), false)
            and coalesce(bool_or(btrim(%I::text) <> '''' and schema_fix.meaning_of(''type'', %2$I::text) is null), false)
        from %s',
        type, other, target
    )
    into is_so;
    return is_so;
end
$$;

create view schema_fix.types_beside as
select room.table_id, room.names[1] as type, other.name
from (select table_id, schema_fix.columns_for(table_id, 'type') as names from schema_fix.present_tables where holds = 'rooms') as room
cross join lateral unnest(room.names[2:]) as other (name)
where not schema_fix.was_applied()
    and schema_fix.says_something_else(room.table_id, room.names[1], other.name);
