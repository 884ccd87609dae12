--! Title: Indexes that exist twice

-- Of several indexes with the same definition one stays: one that a constraint or the replica identity needs, or else one called idx_…, or
-- else the first by name.
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
