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

-- Whether a value in a function, as it is written there, is who calls it: auth.uid(), a variable that holds it, an argument or a column of a view for
-- which the application gives it, or in a trigger the person of the new row.
create function schema_fix.is_the_caller(value text, source text, routine oid, fired_on regclass) returns boolean
language sql
stable
as $$
    select
        said.value ~ '^auth ?\. ?uid\M'
        or said.value ~ '^\w+$' and source ~ format(
            '\m%1$s\M[^;]*(:=|\mdefault\M|[^<>!]=)\s*auth\s*\.\s*uid\M|\mauth\s*\.\s*uid\s*\(\s*\)\s*into\s+(strict\s+)?%1$s\M', said.value
        )
        or said.value ~ '^\$\d$'
        or exists (
            select
            from pg_proc
            cross join lateral unnest(proargnames) as argument (name)
            where oid = routine
                and said.value in (lower(argument.name), lower(proname || '.' || argument.name))
        )
        or said.value ~ '^new ?\.' and exists (select from pg_class where oid = fired_on and relkind = 'v')
        or exists (
            select
            from schema_fix.columns_found as person
            join schema_fix.present_tables as present
                on present.table_id = person.target
                and present.holds in ('messages', 'rooms')
            where person.target = fired_on
                and person.stands_for in ('sender', 'created_by')
                and said.value ~ format('^new ?\. ?"?%s"?$', lower(person.column_name))
        )
    from regexp_replace(btrim(is_the_caller.value), ' ?:: ?[\w."]+$', '') as said (value)
$$;

-- Who calls, as functions ask for it in brackets or as a default of an argument, without these.
create function schema_fix.with_plain_caller(source text) returns text
language sql
immutable
return regexp_replace(
    source, '\(\s*select\s+auth\s*\.\s*uid\s*\(\s*\)[^()]*\)|\mcoalesce\s*\([^()]*\mauth\s*\.\s*uid\s*\(\s*\)[^()]*\)', ' auth.uid() ', 'g'
);

-- Writes of the chat's tables with the rights of whoever calls, that somebody could make before.
create table schema_fix.writes_as_caller as
select distinct
    writing.function_id, writing.called_id, going.table_id as fired_on, going.what, writing.table_id, writing.table_name, writing.verb, writing.listed,
    schema_fix.with_plain_caller(writing.rest) as rest, schema_fix.with_plain_caller(writing.source) as source
from schema_fix.writes_of_functions as writing
join schema_fix.runs_as_caller
    using (function_id, called_id)
join schema_fix.set_going_by_users as going
    using (function_id)
join schema_fix.rights_had as had
    on had.table_id = writing.table_id
    and had.verb = split_part(writing.verb, ' ', 1)
    and had.was_there;
