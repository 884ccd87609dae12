--! Title: What has to be decided about functions that write with the rights of whoever calls them

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

create view schema_fix.decisions_about_callers_rights (name, problem, may_be_acknowledged) as
select
    wrong.function_id::text,
    format(
        '%s writes with the rights of whoever sets it going, and with the fix %s: make the function security definer with a search_path of its own,'
            ' and let it ask what they may, or acknowledge it',
        string_agg(distinct wrong.what, ', '), string_agg(distinct wrong.words, '; and ')
    ),
    true
from (
    -- mutant: what a function did with its caller's rights stops working without a word
    select
        writing.function_id, writing.what,
        format(
            'nobody %s %s',
            case when writing.verb = 'delete from' then 'deletes rows of' else 'changes rows of' end, writing.table_id
        ) as words
    from schema_fix.writes_as_caller as writing
    where writing.table_name <> 'chat_room_members'
        and (writing.verb in ('update', 'delete from') or writing.rest ~ '\mon conflict\M.*\mdo update\M')
    union all
    -- Of all who are in a room, or of another than who acts.
    select
        writing.function_id, writing.what,
        format('nobody but an admin %s memberships of others', case writing.verb when 'update' then 'changes' else 'deletes' end)
    from schema_fix.writes_as_caller as writing
    cross join lateral (
        select string_agg(lower(name), '|') as names from unnest(schema_fix.columns_for(writing.table_id, 'user_id')) as found (name)
    ) as person
    left join lateral regexp_match(
        writing.rest,
        format('\m(?:%1$s)"? *(?:=|in\M) *\(? *((?:\w+ ?\. ?)?"?\w+)|((?:\w+ ?\. ?)?\w+)(?:\(\))? *= *(?:\w+ ?\. ?)?"?(?:%1$s)\M', person.names)
    ) as compared (parts)
        on true
    -- mutant: a membership of another is changed by nobody without a word
    where writing.table_name = 'chat_room_members'
        and writing.verb in ('update', 'delete from')
        and (
            compared.parts is null
            or writing.fired_on is not null
            and schema_fix.is_the_caller(coalesce(compared.parts[1], compared.parts[2]), writing.source, writing.called_id, writing.fired_on) is not true
        )
    union all
    select writing.function_id, writing.what, format('nobody but its functions adds people to %s', writing.table_id)
    from schema_fix.writes_as_caller as writing
    where writing.table_name = 'room_members'
        and writing.verb = 'insert into'
    union all
    -- Messages and rooms in the name of another, or of nobody.
    select
        writing.function_id, writing.what,
        format('everybody %s in their own name alone', case writing.table_name when 'chat_messages' then 'sends' else 'makes rooms' end)
    from schema_fix.writes_as_caller as writing
    cross join lateral schema_fix.rows_inserted(writing.source, writing.table_name) as made
    left join lateral (
        select made.given[array_position(made.columns, lower(person.name))] as value
        from unnest(
            schema_fix.columns_for(writing.table_id, case writing.table_name when 'chat_messages' then 'sender' else 'created_by' end)
        ) with ordinality as person (name, rank)
        where lower(person.name) = any (made.columns)
        order by person.rank
        limit 1
    ) as given
        on true
    -- mutant: a message in another name is refused to a function without a word
    where writing.table_name in ('chat_messages', 'chat_rooms')
        and writing.verb = 'insert into'
        and cardinality(made.columns) = cardinality(made.given)
        and schema_fix.is_the_caller(given.value, writing.source, writing.called_id, writing.fired_on) is not true
    union all
    -- Memberships that come with something else.
    select writing.function_id, writing.what, 'nobody but an admin adds people to a group, and who asks to join waits'
    from schema_fix.writes_as_caller as writing
    where writing.table_name = 'chat_room_members'
        and writing.verb = 'insert into'
        and writing.fired_on is distinct from schema_fix.table_called('chat_rooms')
        and writing.fired_on is not null
    union all
    -- Rules about who may join, by a trigger that counts or looks for what whoever asks to join does not see any more.
    -- mutant: a rule about who may join sees nothing any more
    select
        going.function_id, going.what,
        format('who asks to join sees none of %s, by which it refuses', string_agg(distinct present.table_id::text, ', '))
    from schema_fix.set_going_by_users as going
    join schema_fix.runs_as_caller as running
        using (function_id)
    join schema_fix.functions_in_use as used
        using (function_id, called_id)
    join schema_fix.present_tables as present
        on present.generation = 'current'
        and used.source ~ schema_fix.table_after('from|join', present.table_name)
    join pg_class as relation
        on relation.oid = present.table_id
    where going.table_id = schema_fix.table_called('chat_room_members')
        and exists (select from pg_trigger where tgrelid = going.table_id and tgfoid = going.function_id and tgtype & 5 = 5)
        and used.source ~ '\mraise\s+(exception|sqlstate|using)|\mreturn\s+null\M'
        and not schema_fix.was_applied()
        -- Where everybody saw it.
        and (
            not relation.relrowsecurity
            or exists (
                select
                from schema_fix.present_policies as policy
                where policy.table_id = present.table_id
                    and policy.is_permissive
                    and policy.command in ('r', '*')
                    and policy.using_expression = 'true'
            )
        )
    group by going.function_id, going.what
) as wrong
group by wrong.function_id;
