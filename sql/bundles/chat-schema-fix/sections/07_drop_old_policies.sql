--! Title: Drop old policies
--! Needs: 01

-- Drops every permissive policy on the four tables that section 08 does not create: permissive policies are combined with OR, so one
-- that stays undoes all the others. A restrictive policy stays, unless it was acknowledged that it may be dropped, and so does one by which a
-- role that the API cannot become reads every row.
do $$
declare
    leftover record;
    dropped integer := 0;
begin
    for leftover in
        select name, table_id
        from schema_fix.present_policies
        where generation = 'current'
            and not has_our_name
            and policy_id not in (select kept.policy_id from schema_fix.policies_of_other_roles as kept)
            -- mutant: restrictive policies of others are dropped
            and (is_permissive or schema_fix.is_acknowledged(format('%s.%s', table_id, name)))
        order by table_id::text, name
    loop
        -- mutant: old policies stay
        execute format('drop policy %I on %s', leftover.name, leftover.table_id);
        dropped := dropped + 1;
    end loop;
    if dropped > 0 then
        raise notice '% old policies dropped', dropped;
    end if;
end
$$;

-- Renames a restrictive policy that has the name of one that section 08 creates.
do $$
declare
    narrowing record;
begin
    for narrowing in
        select name, table_id
        from schema_fix.present_policies
        where generation = 'current'
            and has_our_name
            and not is_permissive
            and coalesce(obj_description(policy_id, 'pg_policy'), '') not like 'Made by the chat schema fix%'
    loop
        execute format(
            'alter policy %I on %s rename to %I', narrowing.name, narrowing.table_id, left(narrowing.name, 50) || '_as_before'
        );
        raise notice '%: restrictive policy % renamed to %_as_before', narrowing.table_id, narrowing.name, left(narrowing.name, 50);
    end loop;
end
$$;
