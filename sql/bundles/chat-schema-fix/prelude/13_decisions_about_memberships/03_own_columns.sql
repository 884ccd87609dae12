--! Title: What members change of their own membership

-- How often a text of SQL, in lower case, names a column.
create function schema_fix.times_named(source text, column_name text) returns bigint
language sql
immutable
return (select count(*) from regexp_matches(source, format('\m%s\M', column_name), 'g'));

-- Whether it reads it: whether it names it other than to write it, also from what it was.
create function schema_fix.reads_column(source text, column_name text) returns boolean
language sql
immutable
as $$
    select schema_fix.times_named(body.text, reads_column.column_name) > coalesce(sum(written.times), 0)
    from regexp_replace(schema_fix.without_constants(source), '\m(coalesce|greatest|least)\s*\(([\w\s.]+),\s*\d+\s*\)', '\2', 'g') as body (text)
    left join lateral (
        select coalesce(cardinality(array_positions(statement.listed, reads_column.column_name)), 0) + (
            select coalesce(sum(1 + schema_fix.times_named(assigned.value, reads_column.column_name)), 0)
            from schema_fix.columns_set(statement.verb, statement.rest) as assigned
            where assigned.column_name = reads_column.column_name
        ) as times
        from schema_fix.writes_in(body.text) as statement
    ) as written
        on true
    group by body.text
$$;

-- What the functions of the project say of memberships, other than by what they call.
create table schema_fix.texts_about_memberships as
select
    called.function_id::regprocedure as function_id,
    called.source,
    called.function_id in (select function_id from schema_fix.texts_of_policies where function_id is not null) as is_asked_by_policies
from schema_fix.functions_called as called
join pg_proc as routine
    on routine.oid = called.function_id
where called.caller_id = called.function_id
    and (
        called.source ~ '\mchat_room_members\M'
        or exists (
            select from pg_trigger where tgrelid = schema_fix.table_called('chat_room_members') and tgfoid = routine.oid and not tgisinternal
        )
    );

-- What reads a column of memberships and may decide something by it. Queries only show a time, or a number that is counted up. `is_sure` is what
-- stays and asks it: policies, functions that others use, refuse or write.
create view schema_fix.deciders as
select attribute.attrelid as table_id, attribute.attnum as place, attribute.attname as column_name, reader.name, reader.is_sure
from pg_attribute as attribute
join pg_type as type
    on type.oid = attribute.atttypid
cross join lateral (
    -- mutant: members change a column that a function reads
    select said.function_id::text as name, sure.is_sure
    from schema_fix.texts_about_memberships as said
    cross join lateral (
        select
            said.source ~ '\mraise\M'
            or exists (select from schema_fix.writes_in(said.source))
            or exists (
                select from schema_fix.uses_of_functions as using_it where using_it.function_id = said.function_id and not using_it.is_ours
            ) as is_sure
    ) as sure
    where schema_fix.reads_column(said.source, lower(attribute.attname))
        and (
            said.is_asked_by_policies
            or sure.is_sure
            or not (
                type.typcategory = 'D'
                or type.typcategory = 'N' and exists (
                    select
                    from schema_fix.texts_about_memberships as counting
                    cross join lateral schema_fix.writes_in(counting.source) as statement
                    cross join lateral schema_fix.columns_set(statement.verb, statement.rest) as assigned
                    where assigned.column_name = lower(attribute.attname)
                        and assigned.value ~ format('^(coalesce#|(\w+ ?\. ?)?"?%s"?) ?[+]', lower(attribute.attname))
                )
            )
        )
    union
    select
        format('the policy %I on %s', policy.polname, policy.polrelid::regclass),
        policy.oid not in (select policy_id from schema_fix.present_policies where is_permissive and generation = 'current')
    from pg_depend as asking
    join pg_policy as policy
        on policy.oid = asking.objid
    where asking.classid = 'pg_policy'::regclass
        and asking.refclassid = 'pg_class'::regclass
        and asking.refobjid = attribute.attrelid
        and asking.refobjsubid = attribute.attnum
) as reader
where attribute.attrelid = schema_fix.table_called('chat_room_members')
    and attribute.attnum > 0
    and not attribute.attisdropped;

-- When they last read, whether they muted the room: columns of memberships that the fix does not know, and that the old rules let members change
-- in their own row. `read_by` is what reads them and may decide something by them.
create table schema_fix.columns_of_their_own as
with memberships as (
    select oid from pg_class where oid = schema_fix.table_called('chat_room_members')
),
guard as (
    select string_to_array(encode(tgargs, 'escape'), '\000') as columns from schema_fix.guard
),
-- A policy for updates that checks only whose row it is, or nothing, or row level security that is off.
rule as (
    select
    from memberships
    join pg_class as relation
        on relation.oid = memberships.oid
    where not relation.relrowsecurity
    union all
    select
    from memberships
    join schema_fix.present_policies as policy
        on policy.table_id = memberships.oid
        and policy.is_permissive
        and policy.command in ('w', '*')
        and schema_fix.binds_signed_in(policy.roles)
    cross join lateral (
        -- Those who wait or are blocked have nothing in the room that they could change.
        select regexp_replace(
            lower(regexp_replace(policy.using_expression, '[\s()"]', '', 'g')), 'andstatus=''approved''(::\w+)?$|^status=''approved''(::\w+)?and', ''
        ) as condition
    ) as said
    where said.condition = 'true'
        or exists (
            select
            from unnest(schema_fix.columns_for(memberships.oid, 'user_id')) as person (name)
            where said.condition in (
                lower(person.name) || '=auth.uid', 'auth.uid=' || lower(person.name),
                lower(person.name) || '=selectauth.uidasuid', 'selectauth.uidasuid=' || lower(person.name)
            )
        )
)
select
    attribute.attname as column_name,
    case
        when not exists (select from guard) then (
            select string_agg(decider.name, ', ' order by decider.name)
            from schema_fix.deciders as decider
            where decider.place = attribute.attnum
        )
    end as read_by
from memberships
join pg_attribute as attribute
    on attribute.attrelid = memberships.oid
    and attribute.attnum > 0
    and not attribute.attisdropped
    and attribute.attgenerated = ''
    and attribute.attidentity = ''
where case
    when exists (select from guard) then attribute.attname::text in (select unnest(guard.columns) from guard)
    else exists (select from rule)
        and has_column_privilege('authenticated', memberships.oid, attribute.attnum, 'update')
        and not exists (
            select
            from schema_fix.known_columns as known
            where known.table_id = memberships.oid
                and known.name = attribute.attname
        )
end;

-- Those that they still change. After the fix the trigger that guards memberships names them.
create view schema_fix.own_columns as
select column_name
from schema_fix.columns_of_their_own
where read_by is null;

create view schema_fix.decisions_about_own_columns (name, problem, may_be_acknowledged) as
select
    format('public.chat_room_members.%I', column_name),
    format(
        'members change public.chat_room_members.%I in their own row, and %s may decide something by it; with the fix nobody changes it but functions of'
            ' your own: change it in a function, or acknowledge it',
        column_name, read_by
    ),
    true
from schema_fix.columns_of_their_own
where read_by is not null
union all
-- Columns that nobody could give a value in a row of their own, and that whoever asks to join gives one.
select
    format('%s.%I', asked.table_id, asked.column_name),
    format(
        'nobody could put a row of their own into %1$s, and with the fix everybody does who asks to join: they could give %1$s.%2$I a value, and %3$s decides'
            ' by it. Grant authenticated insert on the other columns alone',
        asked.table_id, asked.column_name, string_agg(asked.name, ', ' order by asked.name)
    ),
    true
from (select table_id::regclass, place, column_name, name from schema_fix.deciders where is_sure) as asked
-- mutant: whoever asks to join gives themselves what somebody decides by
where has_column_privilege('authenticated', asked.table_id, asked.place, 'insert')
    and asked.column_name not in (select known.name from schema_fix.known_columns as known where known.table_id = asked.table_id)
    and not schema_fix.is_open('chat_room_members', 'a')
    and not schema_fix.was_applied()
group by asked.table_id, asked.column_name;
