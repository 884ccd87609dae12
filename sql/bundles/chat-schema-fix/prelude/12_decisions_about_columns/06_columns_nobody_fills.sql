--! Title: What has to be decided about columns that nobody fills

-- Columns that the fix does not know and that are null in every new row: neither the functions that it makes nor the application name
-- them, and no default and no trigger fills them.
create view schema_fix.columns_nobody_fills as
select present.table_id, present.table_name, attribute.attnum as place, attribute.attname as column_name
from schema_fix.present_tables as present
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
    and not attribute.atthasdef
    and attribute.attidentity = ''
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = present.table_id)
where present.generation = 'current'
    -- Of these another decision speaks.
    and (present.table_id, attribute.attnum) not in (select candidate.table_id, candidate.place from schema_fix.columns_for_senders as candidate)
    and not exists (select from pg_type where oid = attribute.atttypid and typdefault is not null)
    and not schema_fix.is_filled_by_trigger(present.table_id, attribute.attname);

-- Whether a condition, as Postgres prints it, may be met where a column is null.
create function schema_fix.allows_null(condition text, column_name name) returns boolean
language sql
immutable
return condition ~* format(
    '\m%1$s"?\)?(::\w+)? is (null|unknown|not true|not false|(not )?distinct)|\m(coalesce|num_nulls|num_nonnulls)\([^)]*\m%1$s\M|not \(?(exists|\()', column_name
);

create view schema_fix.decisions_about_columns_nobody_fills (name, problem, may_be_acknowledged) as
-- Restrictive policies that ask for such a column, themselves or through a function: they stay, and nobody would see a new row.
select
    format('%s.%I', policy.table_id, policy.name),
    format(
        'the restrictive policy %I on %s asks for %s, which no new row has: give the column a default, or a trigger before insert that fills it',
        policy.name, policy.table_id, string_agg(distinct format('%s.%I', asked.table_id, asked.column_name), ', ')
    ),
    true
from schema_fix.present_policies as policy
cross join lateral concat_ws(
    ' and ',
    case when policy.command in ('r', '*') then policy.using_expression end,
    case when policy.command in ('a', '*') then policy.check_expression end
) as said (condition)
join schema_fix.columns_nobody_fills as asked
    on exists (
        select
        from pg_depend
        where classid = 'pg_policy'::regclass
            and objid = policy.policy_id
            and refclassid = 'pg_class'::regclass
            and refobjid = asked.table_id
            and refobjsubid = asked.place
    )
    and said.condition ~* format('\m%s\M', asked.column_name)
    and not schema_fix.allows_null(said.condition, asked.column_name)
    or exists (
        select
        from pg_depend as looked
        join schema_fix.functions_called as called
            on called.caller_id = looked.refobjid
        where looked.classid = 'pg_policy'::regclass
            and looked.objid = policy.policy_id
            and looked.refclassid = 'pg_proc'::regclass
            and called.source ~ format('\m%s\M', asked.table_name)
            and called.source ~ format('\m%s\M', lower(asked.column_name))
            and not schema_fix.allows_null(called.source, asked.column_name)
    )
-- mutant: a restrictive policy hides every new row
where not policy.is_permissive
    and policy.generation = 'current'
    and not policy.has_our_name
    and schema_fix.binds_signed_in(policy.roles)
    and said.condition <> ''
    and not schema_fix.was_applied()
group by policy.table_id, policy.name
union all
-- Checks that want such a column to be filled, whatever else the row says.
select
    format('%s.%s', asked.table_id, rule.conname),
    format(
        'the check %I on %s wants %s, which no new row has: give the column a default, or a trigger before insert that fills it',
        rule.conname, asked.table_id, string_agg(distinct quote_ident(asked.column_name), ', ')
    ),
    false
from schema_fix.columns_nobody_fills as asked
join pg_constraint as rule
    on rule.conrelid = asked.table_id
    and rule.contype = 'c'
    and asked.place = any (rule.conkey)
    and pg_get_constraintdef(rule.oid) ~* format('\m%s"?\)? is not null', asked.column_name)
where not schema_fix.was_applied()
    and not exists (
        select
        from unnest(rule.conkey) as other (place)
        where other.place not in (select beside.place from schema_fix.columns_nobody_fills as beside where beside.table_id = asked.table_id)
            and other.place not in (select worded.place from schema_fix.worded_columns as worded where worded.table_id = asked.table_id)
    )
group by asked.table_id, rule.conname
union all
-- Triggers that refuse a row without it.
select
    format('%s.%s', asked.table_id, acting.tgname),
    format(
        'the trigger %I on %s refuses rows without %s, which no new row has: give the column a default, or a trigger before insert that fills it',
        acting.tgname, asked.table_id, string_agg(distinct quote_ident(asked.column_name), ', ')
    ),
    false
from schema_fix.columns_nobody_fills as asked
join pg_trigger as acting
    on acting.tgrelid = asked.table_id
    and not acting.tgisinternal
    and acting.tgenabled in ('O', 'A')
    and acting.tgtype & 4 = 4
join pg_proc as routine
    on routine.oid = acting.tgfoid
    and routine.prosrc ~* format('\mif\s+\(?\s*new\s*\.\s*"?%s"?\s+is\s+null\s*\)?\s+then\s+raise\s+(exception|sqlstate|using)', asked.column_name)
where not schema_fix.was_applied()
group by asked.table_id, acting.tgname
union all
-- Functions that look for a conversation by a unique column of this kind before they make one: those of the fix's functions they would not
-- find, and make another.
select
    used.function_id::text,
    format(
        'the function %s looks for conversations by %s, which those made by the functions of the fix do not have: give the column a default, or a trigger'
            ' before insert that fills it',
        used.function_id, string_agg(distinct format('%s.%I', asked.table_id, asked.column_name), ', ')
    ),
    true
from schema_fix.columns_nobody_fills as asked
join schema_fix.writes_of_functions as used
    on used.table_id = asked.table_id
    and used.verb = 'insert into'
    and lower(asked.column_name) = any (used.listed)
where asked.table_name = 'chat_rooms'
    and exists (
        select
        from schema_fix.functions_in_use as said
        join schema_fix.words as known
            on known.column_name = 'type'
            and known.means = 'dm'
            and strpos(said.source_with_constants, quote_literal(known.word)) > 0
        where said.function_id = used.function_id
    )
    and exists (
        select
        from pg_index
        where indrelid = asked.table_id
            and indisunique
            and asked.place = any (indkey::smallint[])
    )
    and not schema_fix.was_applied()
group by used.function_id;
