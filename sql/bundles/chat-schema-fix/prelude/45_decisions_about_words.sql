--! Title: What has to be decided about words that the fix replaces

-- The columns that hold a word: the type of a room, the status and role of a member.
create view schema_fix.worded_columns as
select
    relation.oid::regclass as table_id,
    attribute.attnum as place,
    attribute.attname as column_name,
    fact.column_name as stands_for
from schema_fix.tables
join pg_class as relation
    on relation.oid = schema_fix.table_called(table_name)
cross join (select distinct column_name from schema_fix.words) as fact
cross join lateral unnest(schema_fix.columns_for(relation.oid, fact.column_name)) as found (name)
join pg_attribute as attribute
    on attribute.attrelid = relation.oid
    and attribute.attname = found.name
where generation = 'current';

-- What others have that reads them, with its text.
create view schema_fix.readers_of_words as
with reading as (
    select worded.*, dependency.classid, dependency.objid
    from schema_fix.worded_columns as worded
    join pg_depend as dependency
        on dependency.refclassid = 'pg_class'::regclass
        and dependency.refobjid = worded.table_id
        and dependency.refobjsubid = worded.place
)
select
    reading.table_id, reading.column_name, reading.stands_for,
    rule.ev_class::regclass::text as name,
    case rule.rulename when '_RETURN' then 'the view ' else format('the rule %I on ', rule.rulename) end || rule.ev_class::regclass as what,
    pg_get_ruledef(rule.oid) as source
from reading
join pg_rewrite as rule
    on reading.classid = 'pg_rewrite'::regclass
    and rule.oid = reading.objid
join pg_class as relation
    on relation.oid = rule.ev_class
    and relation.relnamespace not in (select oid from pg_namespace where nspname in ('schema_fix', 'chat_access'))
union
select
    reading.table_id, reading.column_name, reading.stands_for,
    format('%s.%s', policy.polrelid::regclass, policy.polname),
    format('the policy %I on %s', policy.polname, policy.polrelid::regclass),
    concat_ws(' ', pg_get_expr(policy.polqual, policy.polrelid), pg_get_expr(policy.polwithcheck, policy.polrelid))
from reading
join pg_policy as policy
    on reading.classid = 'pg_policy'::regclass
    and policy.oid = reading.objid
where not (policy.polpermissive and schema_fix.is_ours(policy.polrelid))
union
select
    reading.table_id, reading.column_name, reading.stands_for,
    routine.oid::regprocedure::text,
    format('the function %s', routine.oid::regprocedure),
    pg_get_function_sqlbody(routine.oid)
from reading
join pg_proc as routine
    on reading.classid = 'pg_proc'::regclass
    and routine.oid = reading.objid
where not (
    routine.pronamespace = 'public'::regnamespace
    and routine.proname in (select function_name from schema_fix.functions)
)
union
select
    reading.table_id, reading.column_name, reading.stands_for,
    format('%s.%s', trigger.tgrelid::regclass, trigger.tgname),
    format('the trigger %I on %s', trigger.tgname, trigger.tgrelid::regclass),
    pg_get_triggerdef(trigger.oid)
from reading
join pg_trigger as trigger
    on reading.classid = 'pg_trigger'::regclass
    and trigger.oid = reading.objid
    and trigger.tgqual is not null
union
select
    reading.table_id, reading.column_name, reading.stands_for,
    index.indexrelid::regclass::text,
    format('the unique index %s', index.indexrelid::regclass),
    pg_get_expr(index.indpred, index.indrelid)
from reading
join pg_index as index
    on reading.classid = 'pg_class'::regclass
    and index.indexrelid = reading.objid
    and index.indisunique
    and index.indpred is not null
union
select
    reading.table_id, reading.column_name, reading.stands_for,
    format('%s.%s', reading.table_id, attribute.attname),
    format('the computed column %s.%I', reading.table_id, attribute.attname),
    pg_get_expr(formula.adbin, formula.adrelid)
from reading
join pg_attrdef as formula
    on reading.classid = 'pg_attrdef'::regclass
    and formula.oid = reading.objid
    or reading.classid = 'pg_class'::regclass
    and reading.objid = reading.table_id
    and formula.adrelid = reading.table_id
join pg_attribute as attribute
    on attribute.attrelid = formula.adrelid
    and attribute.attnum = formula.adnum
    and attribute.attgenerated <> '';

create view schema_fix.decisions_about_words (name, problem, may_be_acknowledged) as
-- A check about the type of a room, or the status or role of a member, and something else, which new words would break or silence.
select
    format('%s.%s', rule.conrelid::regclass, rule.conname),
    format(
        'the check %I on %s is about %s and other columns: %s',
        rule.conname,
        rule.conrelid::regclass,
        case worded.column_name when 'type' then 'the type of a room' else 'the ' || worded.column_name || ' of a member' end,
        pg_get_constraintdef(rule.oid)
    ),
    true
from schema_fix.worded_columns as worded
join pg_constraint as rule
    on rule.conrelid = worded.table_id
    and rule.contype = 'c'
    and cardinality(rule.conkey) > 1
    and worded.place = any (rule.conkey)
where exists (
    select
    from unnest(schema_fix.constants_in(pg_get_constraintdef(rule.oid))) as word (constant)
    where word.constant not in (select means from schema_fix.words as known where known.column_name = worded.column_name)
        and not exists (
            select
            from schema_fix.worded_columns as other
            join schema_fix.words as known
                on known.column_name = other.column_name
            where other.table_id = worded.table_id
                and other.place = any (rule.conkey)
                and known.means = word.constant
        )
)
union all
-- Views, policies of other tables, and whatever else asks for a word that the fix replaces: it would find something else, or nothing.
select
    reader.name,
    format('%s asks for the word %L, which the fix replaces in %s.%I', reader.what, word.constant, reader.table_id, reader.column_name),
    true
from schema_fix.readers_of_words as reader
cross join lateral unnest(schema_fix.constants_in(reader.source)) as word (constant)
where word.constant not in (select means from schema_fix.words as known where known.column_name = reader.stands_for)
    and schema_fix.is_written(reader.table_id, reader.column_name, word.constant)
union all
-- A unique rule or an index for rooms of a type that will be called otherwise.
select
    index.indexrelid::regclass::text,
    format('the index %s is about a type of room that gets another word: %s', index.indexrelid::regclass, pg_get_expr(index.indpred, index.indrelid)),
    true
from pg_index as index
where index.indrelid = schema_fix.table_called('chat_rooms')
    and index.indisunique
    and index.indpred is not null
    and exists (
        select
        from unnest(schema_fix.columns_for(index.indrelid, 'type')) as type (name)
        where pg_get_expr(index.indpred, index.indrelid) ~ format('\m%s\M', type.name)
    )
    and exists (
        select
        from unnest(schema_fix.constants_in(pg_get_expr(index.indpred, index.indrelid))) as word (constant)
        where word.constant not in ('dm', 'group')
    )
union all
-- Functions that ask for a word which the fix replaces, or write it.
select
    used.function_id::text,
    format(
        'the function %s knows the word %L, which the fix replaces in %s',
        used.function_id, word.constant, string_agg(distinct format('%s.%I', worded.table_id, worded.column_name), ', ')
    ),
    true
from schema_fix.functions_called as called
join schema_fix.functions_in_use as used
    on used.function_id = called.caller_id
join pg_proc as routine
    on routine.oid = called.function_id
    and routine.prosqlbody is null
join schema_fix.worded_columns as worded
    on called.source ~ format('\m%s\M', (select relname from pg_class where oid = worded.table_id))
    and called.source ~ format('\m%s\M', lower(worded.column_name))
cross join lateral unnest(schema_fix.constants_in(routine.prosrc)) as word (constant)
where not schema_fix.was_applied()
    and word.constant not in (select means from schema_fix.words as known where known.column_name = worded.stands_for)
    and schema_fix.is_written(worded.table_id, worded.column_name, word.constant)
group by used.function_id, word.constant
union all
-- Numbers in the place of words: nobody but the application knows what they mean.
select
    format('%s.%I', worded.table_id, worded.column_name),
    format(
        '%s.%I is %s: what its numbers mean, the fix does not know. Write words instead (%s)',
        worded.table_id, worded.column_name, format_type(attribute.atttypid, null),
        (select string_agg(distinct known.means, ', ') from schema_fix.words as known where known.column_name = worded.stands_for)
    ),
    false
from schema_fix.worded_columns as worded
join pg_attribute as attribute
    on attribute.attrelid = worded.table_id
    and attribute.attname = worded.column_name
    and attribute.atttypid in ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'numeric'::regtype, '"char"'::regtype)
where exists (select from schema_fix.legacy_members)
union all
-- Rooms of which no column says the type as the fix knows it, and another one may.
select
    format('%s.%I', room.table_id, attribute.attname),
    format(
        '%s has no column for the type of a room that the fix knows, and %I may say it: call it type, with dm and group in it, or is_group',
        room.table_id, attribute.attname
    ),
    true
from schema_fix.present_tables as room
join pg_attribute as attribute
    on attribute.attrelid = room.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
    and attribute.atttypid <> 'uuid'::regtype
    and attribute.attname ~* '(direct|dm|one_?to_?one|1_?to_?1|1on1|p2p|private|personal|group|kind|type|mode|categor|class)'
where room.holds = 'rooms'
    and not schema_fix.was_applied()
    and not exists (
        select
        from schema_fix.present_tables as said
        where said.holds = 'rooms'
            and (schema_fix.columns_for(said.table_id, 'type') <> '{}' or schema_fix.flags_for(said.table_id, 'type', 'group') <> '{}')
    )
    and not exists (
        select from schema_fix.known_columns as known where known.table_id = room.table_id and known.name = attribute.attname
    )
    and exists (select from schema_fix.legacy_rooms);
