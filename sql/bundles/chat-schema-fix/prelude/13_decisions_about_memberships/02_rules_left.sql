--! Title: What has to be decided about the rules of columns that come along

-- Rooms and memberships that move bring along the columns that the fix does not know, with their values; a key, a unique rule or a check
-- of theirs stays on the table that they leave, and so does that they are never empty. One row for each such column.
create view schema_fix.decisions_about_rules_left (name, problem, may_be_acknowledged) as
with carried as (
    select
        moved.table_id,
        destination.name as destination,
        schema_fix.table_called(destination.name) as destination_id,
        attribute.attnum,
        attribute.attname as name,
        attribute.attnotnull and not attribute.atthasdef as is_required
    from (select distinct table_id, table_name from schema_fix.tables_left) as moved
    join (
        values
            ('rooms'::name, 'chat_rooms'::name), ('chat_room_members', 'room_members'), ('room_members', 'chat_room_members'),
            ('conversation_participants', 'chat_room_members')
    ) as destination (source, name)
        on destination.source = moved.table_name
    join pg_attribute as attribute
        on attribute.attrelid = moved.table_id
        and attribute.attnum > 0
        and not attribute.attisdropped
        and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = moved.table_id)
),
rules as (
    select conrelid as table_id, conkey as places, pg_get_constraintdef(oid) as definition
    from pg_constraint
    where contype in ('f', 'c', 'u', 'p', 'x')
    union all
    -- Unique indexes that are no constraint; of an expression or a predicate, what they depend on.
    select
        index.indrelid,
        array(
            select reading.refobjsubid::smallint
            from pg_depend as reading
            where reading.classid = 'pg_class'::regclass
                and reading.objid = index.indexrelid
                and reading.refclassid = 'pg_class'::regclass
                and reading.refobjid = index.indrelid
                and reading.refobjsubid > 0
        ),
        regexp_replace(pg_get_indexdef(index.indexrelid), '^CREATE UNIQUE INDEX .* USING \w+ ', 'UNIQUE ')
    from pg_index as index
    -- mutant: a unique index of a column that comes along stays behind without a word
    where index.indisunique
        and not exists (select from pg_constraint where conindid = index.indexrelid and contype in ('u', 'p'))
)
select
    format('%s.%I', carried.table_id, carried.name),
    format(
        '%s.%I moves to public.%s without its constraint: %s; create both there first',
        carried.table_id, carried.name, carried.destination, string_agg(lost.definition, ', ' order by lost.definition)
    ),
    true
from carried
cross join lateral (
    select definition
    from rules
    -- mutant: a key of a column that comes along stays behind without a word
    where rules.table_id = carried.table_id
        and carried.attnum = any (rules.places)
        and definition not in (select there.definition from rules as there where there.table_id = carried.destination_id)
    union
    select 'not null'
    -- mutant: a column that comes along may be empty from now on
    where carried.is_required
        and not exists (
            select
            from pg_attribute as there
            where there.attrelid = carried.destination_id
                and there.attname = carried.name
                and there.attnotnull
        )
) as lost
where not schema_fix.was_applied()
group by carried.table_id, carried.name, carried.destination;
