--! Title: Keys of people
--! Remains: the foreign key from memberships to the table of people, also in the table that memberships moved to

-- Where memberships had a foreign key to the table of people, they have it in the table that they moved to as well: who is deleted leaves
-- their rooms, and only people who exist are added. Where a membership would violate it, there is none.
do $$
declare
    wanted record;
begin
    for wanted in
        select distinct on (pair.destination)
            format('public.%I', pair.destination) as target,
            regexp_replace(replace(pg_get_constraintdef(key.oid), ' NOT VALID', ''), '^FOREIGN KEY \([^)]*\)', 'foreign key (user_id)') as definition
        from schema_fix.keys_of_people as pair
        join pg_constraint as key
            on key.conrelid = to_regclass(format('public.%I', pair.source))
            and key.contype = 'f'
            and cardinality(key.conkey) = 1
            and key.conkey[1] = schema_fix.place_of(key.conrelid, (schema_fix.columns_for(key.conrelid, 'user_id'))[1])
        order by pair.destination, pair.source
    loop
        begin
            execute format('alter table %s add %s', wanted.target, wanted.definition);
            raise notice '%: % added', wanted.target, wanted.definition;
        exception
            when foreign_key_violation or insufficient_privilege or datatype_mismatch or object_in_use then
                raise notice '%: no % added: %', wanted.target, wanted.definition, sqlerrm;
        end;
    end loop;
end
$$;
