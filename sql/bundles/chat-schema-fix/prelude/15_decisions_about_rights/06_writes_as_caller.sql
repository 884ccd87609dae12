--! Title: What functions write with the rights of whoever calls them

-- What runs with the rights of whoever calls a function: itself and what it calls, up to one that is security definer.
create view schema_fix.runs_as_caller as
with recursive reached (function_id, called_id) as (
    select oid, oid
    from pg_proc
    where not prosecdef
        and oid in (select function_id from schema_fix.functions_in_use)
    union
    select reached.function_id, calls.callee_id
    from reached
    join schema_fix.calls
        on calls.caller_id = reached.called_id
    join pg_proc as callee
        on callee.oid = calls.callee_id
        and not callee.prosecdef
)
select function_id, called_id from reached;

-- Who sets functions going: signed-in users who call them, or who write a row that a trigger is on. Of the tables of the chat, the fix lets them
-- write new messages, rooms and memberships, and change and delete memberships.
create view schema_fix.set_going_by_users as
select routine.oid as function_id, null::regclass as table_id, format('the function %s', routine.oid::regprocedure) as what
from pg_proc as routine
where routine.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
    and routine.oid in (select function_id from schema_fix.functions_in_use)
    and has_function_privilege('authenticated', routine.oid, 'execute')
union
select
    acting.tgfoid, acting.tgrelid, format('the trigger %I on %s, by the function %s,', acting.tgname, acting.tgrelid::regclass, acting.tgfoid::regprocedure)
from pg_trigger as acting
left join schema_fix.present_tables as present
    on present.table_id = acting.tgrelid
where not acting.tgisinternal
    and acting.tgenabled in ('O', 'A')
    and case
        when present.table_name in ('chat_messages', 'chat_rooms') then acting.tgtype & 4 = 4
        when present.table_name = 'chat_room_members' then true
        when present.table_name is null then
            acting.tgtype & 4 = 4 and has_any_column_privilege('authenticated', acting.tgrelid, 'insert')
            or acting.tgtype & 16 = 16 and has_any_column_privilege('authenticated', acting.tgrelid, 'update')
            or acting.tgtype & 8 = 8 and has_table_privilege('authenticated', acting.tgrelid, 'delete')
        else false
    end;

-- Writes of the chat's tables with the rights of whoever calls, that somebody could make before.
create table schema_fix.writes_as_caller as
select distinct
    writing.function_id, writing.called_id, going.table_id as fired_on, going.what, writing.table_id, writing.table_name, writing.verb, writing.listed,
    plain.rest, plain.source
from schema_fix.writes_of_functions as writing
-- What the application gives, or else who calls, is who calls.
cross join lateral (
    select
        regexp_replace(writing.rest, form.pattern, ' auth.uid() ', 'g') as rest,
        regexp_replace(writing.source, form.pattern, ' auth.uid() ', 'g') as source
    from (values ('\mcoalesce\s*\([^()]*\mauth\.uid\(\)[^()]*\)')) as form (pattern)
) as plain
join schema_fix.runs_as_caller
    using (function_id, called_id)
join schema_fix.set_going_by_users as going
    using (function_id)
join schema_fix.rights_had as had
    on had.table_id = writing.table_id
    and had.verb = split_part(writing.verb, ' ', 1)
    and had.was_there;
