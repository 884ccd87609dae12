--! Title: What has to be decided about what people write themselves and the fix tells by other words

-- Policies by which people insert or change rows, in a project in which they could: none of its policies reads its own table.
create view schema_fix.writing_policies as
select policy.*, coalesce(check_expression, using_expression) as allows
from schema_fix.present_policies as policy
join pg_class as relation
    on relation.oid = table_id
    and relation.relrowsecurity
where is_permissive
    and command in ('a', 'w', '*')
    and not has_our_name
    and schema_fix.binds_signed_in(roles)
    and not schema_fix.was_applied()
    and not exists (select from schema_fix.recursive_policies);

create view schema_fix.decisions_about_words_written (name, problem, may_be_acknowledged) as
-- Policies by which people make conversations of two that a boolean tells: the fix makes a type of it, and what they insert so would be
-- a group, which others ask to join. Where a policy recurses, nobody can.
-- mutant: a conversation that people make by a boolean becomes a group
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'the policy %I on %s lets people make rooms, and %I tells which are conversations of two: one that they insert so would be a group; let them call open_or_create_dm',
        policy.name, policy.table_id, flag.name
    ),
    true
from schema_fix.writing_policies as policy
cross join lateral unnest(schema_fix.flags_for(policy.table_id, 'type', 'group')) as flag (name)
where policy.table_id = schema_fix.table_called('chat_rooms')
    and policy.command in ('a', '*')
    and cardinality(schema_fix.columns_for(policy.table_id, 'type')) = 0
    and policy.allows !~ format('\m%s\M', flag.name)
union all
-- Policies by which people write words that the check of the column knows and the fix replaces.
-- mutant: whoever writes a word that the check knew is refused from then on
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'the policy %I on %s lets people write %I, whose check %I knows words that will be refused: %s; let the application write %s',
        policy.name, policy.table_id, worded.column_name, rule.conname, gone.words,
        (select string_agg(distinct means, ', ') from schema_fix.words where column_name = worded.stands_for)
    ),
    true
from schema_fix.writing_policies as policy
join schema_fix.worded_columns as worded
    on worded.table_id = policy.table_id
    and policy.allows !~ format('\m%s\M', worded.column_name)
join pg_constraint as rule
    on rule.conrelid = worded.table_id
    and rule.contype = 'c'
    and rule.conkey = array[worded.place]
cross join lateral (
    select string_agg(known.word, ', ' order by known.word) as words
    from unnest(schema_fix.constants_in(pg_get_constraintdef(rule.oid))) as known (word)
    where known.word ~ '^[[:alpha:]][[:alnum:]_-]*$'
        and known.word not in (select means from schema_fix.words where column_name = worded.stands_for)
) as gone
where gone.words is not null;
