--! Title: What has to be decided about memberships that lose their person

-- A membership's key that sets its person to null when the account goes, of a table where that is possible today, or from which the table that
-- memberships move to gets its key.
create view schema_fix.decisions_about_people_who_go (name, problem, may_be_acknowledged) as
select
    format('%s.%I', present.table_id, key.conname),
    format(
        'the foreign key %I leaves a membership of %s without a person when its row of %s is deleted, and with the fix every membership has one: nobody'
            ' who is in a room could be deleted, nor delete their account: let the key delete the membership, on delete cascade; or acknowledge it, if'
            ' nobody is ever deleted',
        key.conname, present.table_id, key.confrelid::regclass
    ),
    true
from schema_fix.present_tables as present
join pg_attribute as person
    on person.attrelid = present.table_id
    and person.attname = (schema_fix.columns_for(present.table_id, 'user_id'))[1]
join pg_constraint as key
    on key.conrelid = present.table_id
    and key.contype = 'f'
    -- Since Postgres 15 a key may set some of its columns.
    and person.attnum = any (coalesce(
        (select array_agg(place::smallint) from jsonb_array_elements_text(nullif(to_jsonb(key) -> 'confdelsetcols', 'null')) as place),
        key.conkey
    ))
where present.holds = 'members'
    and (present.generation = 'current' or present.table_name in (select source from schema_fix.keys_of_people))
    -- mutant: nobody who is in a room can be deleted
    and (key.confdeltype = 'n' or key.confdeltype = 'd' and not person.atthasdef)
    and not schema_fix.is_required(present.table_id, person.attname)
    and not schema_fix.was_applied();
