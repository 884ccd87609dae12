--! Title: Policies whose meaning the new ones do not have

-- One row for each policy and verb whose meaning the fix's rules do not have.
create function schema_fix.rules_not_kept() returns table (policy_id oid, problem text)
language plpgsql
as $$
begin
    -- The small chat is not made where nobody would be asked in it.
    if not exists (select from schema_fix.present_policies where is_permissive) then
        return;
    end if;
    perform schema_fix.try_old_rules();
    return query
        -- mutant: what an old rule asks and nobody understands is forgotten
        select unknown.policy_id, format('for %s, asks what the fix does not understand: %s', unknown.verb, unknown.what)
        from schema_fix.not_understood as unknown
        union all
        select
            different.policy_id,
            format(
                case different.outcome
                    when 'lost' then 'for %s, lets in whom the fix does not: %s'
                    else 'for %s, keeps out whom the fix lets in: %s'
                end,
                different.verb,
                schema_fix.describe_world(min(different.world))
            )
        from schema_fix.different_answers as different
        group by different.policy_id, different.verb, different.outcome;
end
$$;
