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

-- The words of a type, a status or a role that may be written today, and will be refused: those that the column's own check or type knows, its
-- default, and those that rows hold. Capitals and blanks make no other word.
create view schema_fix.words_that_go as
select distinct worded.table_id, worded.column_name, worded.stands_for, known.said_by, known.word
from schema_fix.worded_columns as worded
join schema_fix.present_tables as present
    using (table_id)
-- Of conversations of two the fix asks no word of their people.
join schema_fix.columns as wanted
    on wanted.table_name = present.table_name
    and wanted.column_name = worded.stands_for
cross join lateral (
    select format('whose check %I knows', rule.conname) as said_by, word.constant as word
    from pg_constraint as rule
    cross join lateral unnest(schema_fix.constants_in(pg_get_constraintdef(rule.oid))) as word (constant)
    where rule.conrelid = worded.table_id
        and rule.contype = 'c'
        and rule.conkey = array[worded.place]
    union all
    select 'whose type knows', label.enumlabel
    from pg_attribute as attribute
    join pg_enum as label
        on label.enumtypid = attribute.atttypid
    where attribute.attrelid = worded.table_id
        and attribute.attnum = worded.place
    union all
    select 'whose default says', word.constant
    from pg_attrdef as given
    cross join lateral unnest(schema_fix.constants_in(pg_get_expr(given.adbin, given.adrelid))) as word (constant)
    where given.adrelid = worded.table_id
        and given.adnum = worded.place
    union all
    select 'whose rows hold', held.word
    from schema_fix.words_written(worded.table_id, worded.column_name) as held (word)
) as known (said_by, word)
where known.word ~ '^[[:alpha:]][[:alnum:]_-]*$'
    and lower(known.word) not in (select means from schema_fix.words where column_name = worded.stands_for);

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
-- Policies by which people write words that the fix replaces. Of one that lets everybody insert, or is for every command, only what a check
-- allows was meant.
-- mutant: whoever writes a word that the check knew is refused from then on
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'the policy %I on %s lets people write %I, %s words that will be refused: %s; let the application write %s',
        policy.name, policy.table_id, gone.column_name, gone.said_by, string_agg(gone.word, ', ' order by gone.word),
        (select string_agg(distinct means, ', ') from schema_fix.words where column_name = gone.stands_for)
    ),
    true
from schema_fix.writing_policies as policy
join schema_fix.words_that_go as gone
    on gone.table_id = policy.table_id
    and policy.allows !~ format('\m%s\M', gone.column_name)
    -- mutant: whoever writes a word that rows or the default hold is refused from then on
    and (gone.said_by ~ '^whose check' or policy.allows <> 'true' and policy.command <> '*')
group by policy.table_id, policy.name, gone.column_name, gone.stands_for, gone.said_by
union all
-- Where there is no row level security, those that a check knows and rows hold.
-- mutant: whoever writes a word without row level security is refused from then on
select
    format('%s.%I', gone.table_id, gone.column_name),
    format(
        'people write %s.%I, %s words that will be refused, and that rows hold: %s; let the application write %s',
        gone.table_id, gone.column_name, gone.said_by, string_agg(gone.word, ', ' order by gone.word),
        (select string_agg(distinct means, ', ') from schema_fix.words where column_name = gone.stands_for)
    ),
    true
from schema_fix.words_that_go as gone
join schema_fix.words_that_go as held
    on held.table_id = gone.table_id
    and held.column_name = gone.column_name
    and held.word = gone.word
    and held.said_by = 'whose rows hold'
join pg_class as relation
    on relation.oid = gone.table_id
    and not relation.relrowsecurity
where gone.said_by ~ '^whose (check|type)'
    and has_any_column_privilege('authenticated', gone.table_id, 'insert')
    and not schema_fix.was_applied()
group by gone.table_id, gone.column_name, gone.stands_for, gone.said_by;
