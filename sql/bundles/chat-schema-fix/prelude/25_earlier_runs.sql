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

-- Whether the fix was applied before: what it took account of then may be gone.
create function schema_fix.was_applied() returns boolean
language sql
stable
as $$
    select exists (
        select
        from pg_trigger
        where tgrelid = schema_fix.table_called('chat_room_members')
            and tgname = 'chat_room_members_guard'
    )
$$;
