--! Title: Indexes behind foreign keys, and none twice

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

-- Of several indexes with one definition one is enough: the one behind a constraint, or with our name, or the first.
do $$
declare
    spare regclass;
begin
    for spare in
        select numbered.indexrelid
        from (
            select
                index.indexrelid,
                exists (select from pg_constraint where conindid = index.indexrelid)
                    or index.indisreplident as is_needed,
                row_number() over (
                    partition by index.indrelid, index.indisunique, schema_fix.index_shape(index.indexrelid)
                    order by
                        exists (select from pg_constraint where conindid = index.indexrelid) desc,
                        index.indisreplident desc,
                        relation.relname like 'idx\_%' desc,
                        relation.relname
                ) as place
            from pg_index as index
            join pg_class as relation
                on relation.oid = index.indexrelid
            where schema_fix.is_ours(index.indrelid)
        ) as numbered
        where numbered.place > 1
            and not numbered.is_needed
    loop
        execute format('drop index %s', spare);
        raise notice 'index % dropped: another has the same definition', spare;
    end loop;
end
$$;
