--! Title: Indexes
--! Needs: 02

-- Indexes what the application's queries, the policies and the foreign keys look up. An existing index is known by its definition, not by
-- its name.

-- Drops invalid indexes, left by a `create index concurrently` that failed.
do $$
declare
    unfinished regclass;
begin
    for unfinished in
        select indexrelid
        from pg_index
        where schema_fix.is_ours(indrelid)
            -- mutant: an invalid unique index passes for a valid one
            and not indisvalid
    loop
        execute format('drop index %s', unfinished);
        raise notice 'index % dropped; it was invalid', unfinished;
    end loop;
end
$$;
