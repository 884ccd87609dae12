--! Title: The tables in which the rows are noted: which they are, where they lie, what acts on them, and how much was written into them
select
    pg_catalog.string_agg(
        pg_catalog.concat_ws(
            ' ', t.name, c.oid, c.relfilenode, c.relkind, c.relowner, c.relrowsecurity, c.relhastriggers, c.relhasrules, c.relhassubclass,
            pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
            pg_catalog.pg_stat_get_xact_tuples_updated(c.oid),
            pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid),
            (
                select pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attname, a.atttypid, a.attisdropped), ',' order by a.attnum)
                from pg_catalog.pg_attribute as a
                where a.attrelid = c.oid and a.attnum > 0
            )
        ),
        '; '
        order by t.name
    ) as seal
from (
    values ('schema_fix_before'), ('schema_fix_heaps'), ('schema_fix_rows')
    union all
    select n.relname::text
    from pg_catalog.pg_class as n
    where n.relnamespace = pg_catalog.pg_my_temp_schema() and n.relname ~ '^schema_fix_was_'
) as t (name)
left join pg_catalog.pg_class as c on c.relname = t.name and c.relnamespace = pg_catalog.pg_my_temp_schema()
