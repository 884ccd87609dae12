--! Title: What has to be decided about columns that others compute

-- A generated column becomes one that the fix and the application write. What it was computed from decides nothing any more, unless it is an
-- older name of the same: of a type, a role or a status either word means the same; anything else has to be said as it is.
create view schema_fix.decisions_about_computed_columns (name, problem, may_be_acknowledged) as
-- mutant: what a type was computed from says nothing any more
select
    format('%s.%I', present.table_id, computed.attname),
    format(
        '%s.%I is computed from %s, and the fix makes it a column that is written: what reads or writes %s would go by something else than the fix:'
            ' let the application read and write %I itself, or acknowledge it',
        present.table_id, computed.attname, said.names, said.names, computed.attname
    ),
    true
from schema_fix.present_tables as present
join schema_fix.columns as fact
    on fact.table_name = present.table_name
join pg_attribute as computed
    on computed.attrelid = present.table_id
    and computed.attname = (schema_fix.columns_for(present.table_id, fact.column_name))[1]
    and computed.attgenerated <> ''
join pg_attrdef as given
    on given.adrelid = computed.attrelid
    and given.adnum = computed.attnum
cross join lateral (
    select
        string_agg(quote_ident(source.attname), ', ' order by source.attnum) as names,
        bool_and(
            source.attname = any (schema_fix.columns_for(present.table_id, fact.column_name))
            and (fact.column_name in ('type', 'role', 'status') or btrim(pg_get_expr(given.adbin, given.adrelid), '()') = quote_ident(source.attname))
        ) as says_the_same
    from pg_attribute as source
    join pg_depend as read
        on read.classid = 'pg_attrdef'::regclass
        and read.objid = given.oid
        and read.refclassid = 'pg_class'::regclass
        and read.refobjid = source.attrelid
        and read.refobjsubid = source.attnum
    where source.attrelid = present.table_id
        and source.attnum <> computed.attnum
) as said
where present.generation = 'current'
    and not said.says_the_same
    and not schema_fix.was_applied();
