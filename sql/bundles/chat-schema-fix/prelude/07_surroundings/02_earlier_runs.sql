--! Title: What earlier runs of the fix did

-- Whether an earlier run noted that it did something which is done only once.
create function schema_fix.is_noted(note text) returns boolean
language plpgsql
as $$
declare
    noted boolean := false;
begin
    if to_regclass('chat_quarantine.imported') is not null then
        execute 'select exists (select from chat_quarantine.imported where source_table = $1)'
        into noted
        using note;
    end if;
    return noted;
end
$$;

-- Whether an earlier run took rows from a table: then it was the chat's.
create function schema_fix.was_imported(wanted name) returns boolean
language sql
return schema_fix.is_noted('public.' || wanted);

-- The guard trigger of an earlier run, by its function and what every version of it says: with the privilege `trigger` anybody creates one
-- of that name, a project may have one, and the fix would believe that it had taken account of everything.
create view schema_fix.guard as
select guarding.tgargs
from pg_trigger as guarding
join pg_proc as routine
    on routine.oid = guarding.tgfoid
where guarding.tgrelid = schema_fix.table_called('chat_room_members')
    and guarding.tgname = 'chat_room_members_guard'
    -- mutant: a trigger of that name is the fix's
    and routine.oid = to_regprocedure('public.guard_chat_room_member()')
    and routine.prosrc ~ 'only a group can be joined'
    and not schema_fix.is_api_role(routine.proowner);

-- Whether the fix was applied before: what it took account of then may be gone. A constant, so that what is asked the first time alone is
-- left out of a plan, and not planned for nothing: nearly all that has to be decided.
do $$
begin
    execute format(
        'create function schema_fix.was_applied() returns boolean language sql immutable return %L::boolean',
        exists (select from schema_fix.guard)
    );
end
$$;
