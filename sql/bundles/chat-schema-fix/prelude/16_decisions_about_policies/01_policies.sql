--! Title: What has to be decided about old policies

-- One row for each thing that the fix would lose or cannot understand, under the name by which it may be acknowledged.
-- What cannot be acknowledged has to be changed first. The other views decisions_about_… are the same.
create view schema_fix.decisions_about_policies as
with looking as materialized (
    select * from schema_fix.unknown_to_the_facts
)
-- Old policies that look at more than the fix asks.
select
    format('%s.%s', table_id, name) as name,
    format(
        'policy %I on %s, for %s, looks at %s',
        name, table_id, schema_fix.say_command(old_policies.command), string_agg(distinct looks_at, ', ')
    ) as problem,
    true as may_be_acknowledged
from looking
join schema_fix.old_policies using (policy_id)
group by table_id, name, old_policies.command
union all
-- Old policies whose meaning the new ones do not have. What looks at something unknown has been said.
select
    format('%s.%s', table_id, name),
    format('policy %I on %s, %s', name, table_id, unkept.problem),
    true
from schema_fix.rules_not_kept as unkept
join schema_fix.present_policies using (policy_id)
where policy_id not in (select looking.policy_id from looking)
union all
-- What to do about either, once for each policy. It is told behind what the policy does, of which the first word comes before `to`.
select
    format('%s.%s', table_id, name),
    format(
        case
            when told.is_lost then 'to keep whom policy %I lets in, let a security definer function do it for them; or acknowledge it, if they may lose that'
            else 'to keep what policy %I asks, move it into a restrictive policy, which stays; or acknowledge it, if nobody needs it'
        end,
        name
    ),
    true
from (
    select policy_id, false as is_lost from looking
    union
    select policy_id, is_lost from schema_fix.rules_not_kept where policy_id not in (select looking.policy_id from looking)
) as told
join schema_fix.present_policies using (policy_id)
union all
-- Columns that were kept from whoever reads or changes the others. The application asks for whole rows, so the fix grants the tables.
select
    table_id::text,
    format(
        'authenticated may %1$s some columns of %2$s only, and the fix lets %4$s %1$s all, also %3$s: move these to a table of their own,'
            ' or grant %1$s on %2$s to authenticated before',
        lower(kept.privilege), table_id, string_agg(attribute.attname, ', ' order by attribute.attnum),
        case kept.privilege when 'UPDATE' then 'admins of a group' else 'them' end
    ),
    -- The guard of memberships lets members change no column that they could not.
    kept.privilege = 'UPDATE'
from schema_fix.present_tables
cross join (values ('SELECT'), ('UPDATE')) as kept (privilege)
join pg_attribute as attribute
    on attribute.attrelid = table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
-- What rooms of the first generation carry comes along to chat_rooms. The fix has a policy for update on memberships alone: elsewhere nobody
-- updates anything, whatever is granted.
where case kept.privilege
        when 'SELECT' then generation = 'current' or table_name = 'rooms'
        -- mutant: nothing is said of columns of a membership that were not granted
        else table_name = 'chat_room_members'
    end
    and not has_table_privilege('authenticated', table_id, kept.privilege)
    and has_any_column_privilege('authenticated', table_id, kept.privilege)
    and not has_column_privilege('authenticated', table_id, attribute.attnum, kept.privilege)
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = present_tables.table_id)
group by table_id, kept.privilege
union all
-- A restrictive policy stays. One that reads its own table, other than through a function, makes every query fail; one that asks
-- nothing of the row or the reader shuts the table to everybody, so that the application cannot work.
select
    format('%s.%s', table_id, policy.name),
    format('the restrictive policy %I on %s %s', policy.name, table_id, harm.words),
    true
from schema_fix.present_policies as policy
cross join lateral (
    select 'reads that table itself, which is an infinite recursion: let it ask a security definer function, or acknowledge it, and it is'
        ' dropped' as words
    where schema_fix.reads_table(concat_ws(' ', using_expression, check_expression), table_name)
    union all
    select 'lets nobody do anything, whoever they are: drop it, or acknowledge it, and it is dropped'
    where generation = 'current'
        and 'false' in (using_expression, check_expression)
) as harm
where not policy.is_permissive
    -- One for visitors alone keeps from them what the fix does, too.
    and schema_fix.binds_signed_in(policy.roles)
    and policy.name !~ '^chat_schema_fix_';
