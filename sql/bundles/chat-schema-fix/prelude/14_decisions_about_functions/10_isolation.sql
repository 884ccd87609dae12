--! Title: What has to be decided about transactions that do not see what others have just done

-- Two calls that open one conversation at once wait for each other, and the second looks for the room of the first. In repeatable read it looks at
-- the database as it was before it waited, and makes another. In serializable one of them fails.
create view schema_fix.decisions_about_isolation (name, problem, may_be_acknowledged) as
select
    'default_transaction_isolation',
    format(
        'transactions of %s are in repeatable read: two that open one conversation at the same moment would both make a room. Set'
            ' default_transaction_isolation to read committed, or serializable',
        string_agg(
            coalesce(role_name, (select 'everybody who connects to ' || quote_ident(current_database()))), ', ' order by role_name
        )
    ),
    true
from schema_fix.settings_given
-- mutant: nobody asks how transactions are isolated
where name = 'default_transaction_isolation'
    and value = 'repeatable read'
    and (role_id = 0 or schema_fix.is_api_role(role_id))
    and not schema_fix.was_applied()
having count(*) > 0;
