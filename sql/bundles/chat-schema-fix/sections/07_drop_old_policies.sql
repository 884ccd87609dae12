--! Title: Drop old policies
--! Needs: 01

-- Drops every permissive policy on the four tables that section 08 does not make: they add up, and one that is left over undoes
-- all the others. A policy under one of our names is compared in section 08. A restrictive one only narrows, and stays.
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
            -- mutant: restrictive policies of others are dropped
            and (
                policy.polpermissive
                or format('%s.%s', policy.polrelid::regclass, policy.polname)
                    = any (current_setting('schema_fix.acknowledge')::text[])
            )
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

-- A restrictive policy of others under one of our names gets another one.
do $$
declare
    narrowing record;
begin
    for narrowing in
        select policy.polname as name, policy.polrelid::regclass as relation
        from pg_policy as policy
        join pg_class as relation
            on relation.oid = policy.polrelid
        where schema_fix.is_ours(relation.oid)
            and not policy.polpermissive
            and (relation.relname, policy.polname) in (select table_name, policy_name from schema_fix.policies)
            and coalesce(obj_description(policy.oid, 'pg_policy'), '') not like 'Made by the chat schema fix%'
    loop
        execute format(
            'alter policy %I on %s rename to %I', narrowing.name, narrowing.relation, left(narrowing.name, 50) || '_as_before'
        );
        raise notice '%: the restrictive policy % stays, as %_as_before', narrowing.relation, narrowing.name, narrowing.name;
    end loop;
end
$$;
