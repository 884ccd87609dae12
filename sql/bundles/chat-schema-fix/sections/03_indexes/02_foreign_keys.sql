--! Title: Indexes for foreign keys
--! Remains: an index for each foreign key that has none

-- A foreign key without an index makes every delete on the other side read the whole table.
do $$
declare
    uncovered record;
    index_name name;
begin
    for uncovered in
        select
            relation.oid::regclass as target,
            left(
                'idx_' || relation.relname || '_' || string_agg(attribute.attname, '_' order by place.number), 63
            ) as index_name,
            string_agg(quote_ident(attribute.attname), ', ' order by place.number) as columns
        from pg_constraint as key
        join pg_class as relation
            on relation.oid = key.conrelid
        cross join unnest(key.conkey) with ordinality as place (attnum, number)
        join pg_attribute as attribute
            on attribute.attrelid = key.conrelid
            and attribute.attnum = place.attnum
        where key.contype = 'f'
            and schema_fix.is_ours(key.conrelid)
            and not exists (
                select
                from pg_index as index
                where index.indrelid = key.conrelid
                    and index.indpred is null
                    and key.conkey @> (index.indkey::smallint[])[0:cardinality(key.conkey) - 1]
                    and (index.indkey::smallint[])[0:cardinality(key.conkey) - 1] @> key.conkey
            )
        group by key.oid, relation.oid, relation.relname
    loop
        index_name := schema_fix.name_for_index(uncovered.target, uncovered.index_name);
        execute format('create index %I on %s (%s)', index_name, uncovered.target, uncovered.columns);
        raise notice 'index % created for a foreign key', index_name;
    end loop;
end
$$;
