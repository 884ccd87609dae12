--! Title: What members change of their own membership

-- When they last read, whether they muted the room: columns of memberships that the fix does not know, that the old rules let
-- members change in their own row, and that no policy and no function reads. They still can. After the fix the trigger that guards
-- memberships names these columns.
create table schema_fix.own_columns as
with memberships as (
    select oid from pg_class where oid = schema_fix.table_called('chat_room_members')
),
guard as (
    select string_to_array(encode(tgargs, 'escape'), '\000') as columns
    from pg_trigger
    where tgrelid in (select oid from memberships)
        and tgname = 'chat_room_members_guard'
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
        and policy.roles && array[0::oid, 'authenticated'::regrole::oid]
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
select attribute.attname as column_name
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
        -- mutant: members change a column that a function reads
        and not exists (
            select
            from pg_proc as routine
            join pg_namespace as schema
                on schema.oid = routine.pronamespace
                and schema.nspname not in ('pg_catalog', 'information_schema', 'schema_fix', 'auth', 'storage', 'realtime')
            where lower(attribute.attname) = any (
                    schema_fix.names_in(coalesce(pg_get_function_sqlbody(routine.oid), routine.prosrc))
                )
                and not schema_fix.is_of_an_extension(routine.oid)
        )
        and not exists (
            select
            from pg_depend
            where classid = 'pg_policy'::regclass
                and refclassid = 'pg_class'::regclass
                and refobjid = memberships.oid
                and refobjsubid = attribute.attnum
        )
end;
