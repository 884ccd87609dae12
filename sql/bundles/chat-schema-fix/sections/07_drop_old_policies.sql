--! Title: Drop old policies
--! Needs: 01

-- Drops every policy on the four tables that section 08 does not make. Permissive policies add up: one that is left over undoes
-- all the others. A policy under one of our names is compared in section 08.
do $$
declare
    leftover record;
    dropped integer := 0;
begin
    for leftover in
        select policy.polname as name, policy.polrelid::regclass as relation
        from pg_policy as policy
        join pg_class as relation
            on relation.oid = policy.polrelid
        where schema_fix.is_ours(relation.oid)
            and (relation.relname, policy.polname) not in (select table_name, policy_name from schema_fix.policies)
        order by policy.polrelid::regclass::text, policy.polname
    loop
        -- mutant: old policies stay
        execute format('drop policy %I on %s', leftover.name, leftover.relation);
        dropped := dropped + 1;
    end loop;
    if dropped > 0 then
        raise notice '% old policies dropped', dropped;
    end if;
end
$$;
