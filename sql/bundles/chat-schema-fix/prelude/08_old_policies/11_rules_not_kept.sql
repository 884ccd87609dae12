--! Title: Policies whose meaning the new ones do not have

-- One row for each policy and verb whose meaning the fix's rules do not have, after the old rules were tried.
create view schema_fix.rules_not_kept as
-- mutant: what an old rule asks and nobody understands is forgotten
select unknown.policy_id, format('for %s, asks what the fix does not understand: %s', unknown.verb, unknown.what) as problem, false as is_lost
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
    ),
    different.outcome = 'lost'
from schema_fix.different_answers as different
group by different.policy_id, different.verb, different.outcome;
