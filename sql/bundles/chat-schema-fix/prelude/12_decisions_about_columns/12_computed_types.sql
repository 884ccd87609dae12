--! Title: What has to be decided about words that another column computes

-- A generated column becomes one that the fix and the application write. What it was computed from decides nothing any more, unless it is an
-- older name of the same.
create view schema_fix.decisions_about_computed_columns (name, problem, may_be_acknowledged) as
-- mutant: what a type was computed from says nothing any more
select
    format('%s.%I', present.table_id, computed.attname),
    format(
        '%s.%I is computed from %s, and the fix makes it a column that is written: what reads or writes %s would go by another word than the fix:'
            ' let the application read and write %I itself, or acknowledge it',
        present.table_id, computed.attname, said.names, said.names, computed.attname
    ),
    true
from schema_fix.present_tables as present
cross join unnest('{type,role,status}'::name[]) as fact (name)
join pg_attribute as computed
    on computed.attrelid = present.table_id
    and computed.attname = (schema_fix.columns_for(present.table_id, fact.name))[1]
    and computed.attgenerated <> ''
join pg_attrdef as given
    on given.adrelid = computed.attrelid
    and given.adnum = computed.attnum
cross join lateral (
    select string_agg(quote_ident(source.attname), ', ' order by source.attnum) as names
    from pg_attribute as source
    join pg_depend as read
        on read.classid = 'pg_attrdef'::regclass
        and read.objid = given.oid
        and read.refclassid = 'pg_class'::regclass
        and read.refobjid = source.attrelid
        and read.refobjsubid = source.attnum
    where source.attrelid = present.table_id
        and source.attnum <> computed.attnum
        and source.attname <> all (schema_fix.columns_for(present.table_id, fact.name))
) as said
where present.generation = 'current'
    and said.names is not null
    and not schema_fix.was_applied();
