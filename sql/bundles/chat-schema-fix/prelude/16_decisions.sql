--! Title: What only somebody who knows the application can decide

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

-- One row for each thing that the fix would lose or cannot understand, under the name by which it may be acknowledged.
-- What cannot be acknowledged has to be changed first.
create view schema_fix.decisions as
-- Old policies that look at more than the fix asks.
select
    format('%s.%s', table_id, name) as name,
    format('policy %I on %s looks at %s', name, table_id, string_agg(distinct looks_at, ', ')) as problem,
    true as may_be_acknowledged
from schema_fix.unknown_to_the_facts
join schema_fix.old_policies using (policy_id)
group by table_id, name
union all
-- Policies for roles that the fix gives nothing.
select
    format('%s.%s', table_id, policy.name),
    format('policy %I on %s is for %s, and the fix lets in nobody but authenticated', policy.name, table_id, role.names),
    true
from schema_fix.present_policies as policy
cross join lateral (
    select string_agg(rolname, ', ' order by rolname) as names
    from pg_roles
    where oid = any (policy.roles)
        and rolname not in ('anon', 'authenticated', 'service_role', 'postgres', 'dashboard_user', 'supabase_admin')
        and not rolbypassrls
        and not rolsuper
        and not pg_has_role(current_user, oid, 'usage')
) as role
where generation = 'current'
    and policy.is_permissive
    and role.names is not null
    and not has_our_name
union all
-- A restrictive policy stays. One that reads its own table, other than through a function, makes every query fail; one that asks
-- nothing of the row or the reader shuts the table to everybody, so that the application cannot work.
select
    format('%s.%s', table_id, policy.name),
    format('the restrictive policy %I on %s %s', policy.name, table_id, harm.words),
    true
from schema_fix.present_policies as policy
cross join lateral (
    select 'reads that table itself, which is an infinite recursion' as words
    where concat_ws(' ', using_expression, check_expression) ~* format('\m(from|join)\s+\(*(public\.)?%s\M', table_name)
    union all
    select 'lets nobody do anything, whoever they are'
    where 'false' in (using_expression, check_expression)
) as harm
where generation = 'current'
    and not policy.is_permissive
union all
-- A rule that does something else instead of deleting: a room could not take its messages and members along.
select
    format('%s.%s', rule.ev_class::regclass, rule.rulename),
    format('the rule %I on %s replaces deletions, so that no room could be deleted with what is in it', rule.rulename, rule.ev_class::regclass),
    true
from pg_rewrite as rule
join schema_fix.tables
    on generation = 'current'
    and schema_fix.table_called(table_name) = rule.ev_class
where rule.ev_type = '4'
    and rule.is_instead
    and rule.ev_enabled <> 'D'
union all
-- Rooms that are kept in a table which the fix does not know.
select
    format('public.%s.%s', key.table_name, key.name),
    format(
        'public.%s.%I references %s, and the fix knows rooms in public.chat_rooms and public.rooms only',
        key.table_name, key.name, key.target
    ),
    false
from schema_fix.keys_of_columns as key
where key.column_name = 'room_id'
    and not exists (
        select from schema_fix.present_tables where holds = 'rooms' and table_id = key.target
    )
union all
-- People who are rows of another table, whose id is not the account's.
select
    format('public.%s.%s', key.table_name, key.name),
    format(
        'public.%s.%I references %s (%I), where the account is in another column, %I: nobody could be recognised by it',
        key.table_name, key.name, key.target, key.target_column, account.name
    ),
    false
from schema_fix.keys_of_columns as key
cross join lateral (
    select attribute.attname as name
    from pg_constraint as to_account
    join pg_attribute as attribute
        on attribute.attrelid = to_account.conrelid
        and to_account.conkey = array[attribute.attnum]
    where to_account.conrelid = key.target
        and to_account.contype = 'f'
        and to_account.confrelid = to_regclass('auth.users')
        and attribute.attname <> key.target_column
    limit 1
) as account
where key.column_name in ('sender', 'user_id', 'created_by', 'invited_by')
    and not exists (
        select
        from pg_constraint as to_account
        join pg_attribute as attribute
            on attribute.attrelid = to_account.conrelid
            and to_account.conkey = array[attribute.attnum]
        where to_account.conrelid = key.target
            and to_account.contype = 'f'
            and to_account.confrelid = to_regclass('auth.users')
            and attribute.attname = key.target_column
    )
union all
-- A table with a foreign key to rooms and a column for a person, where the known tables have no members: its people may be the
-- members.
select
    key.conrelid::regclass::text,
    format(
        '%s is keyed to %s and names people in %s; the tables of members that the fix knows are empty',
        key.conrelid::regclass, key.confrelid::regclass, string_agg(distinct quote_ident(person.attname), ', ')
    ),
    true
from schema_fix.present_tables
join pg_constraint as key
    on key.confrelid = table_id
    and key.contype = 'f'
join pg_attribute as person
    on person.attrelid = key.conrelid
    and person.attnum > 0
    and not person.attisdropped
    and person.atttypid in ('uuid'::regtype, 'text'::regtype, 'bigint'::regtype)
    and schema_fix.spelling(person.attname) in (
        select schema_fix.spelling(known_as)
        from schema_fix.column_names
        where column_name = 'user_id'
    )
where holds = 'rooms'
    and key.conrelid not in (select ours.table_id from schema_fix.present_tables as ours)
    and not exists (select from schema_fix.legacy_members)
group by key.conrelid, key.confrelid
union all
-- Rooms without any membership: whoever could read them by another rule would lose access.
select
    'public.chat_room_members',
    'nobody is a member of any room, so nobody would read them any more but those who wrote there',
    true
where not exists (
        select
        from schema_fix.legacy_members as member
        join schema_fix.legacy_rooms as room
            on room.id = member.room_id
        where member.user_id is not null
    )
    -- Where the fix was applied before, nobody may have been left over.
    and not exists (
        select
        from pg_trigger
        where tgrelid = schema_fix.table_called('chat_room_members')
            and tgname = 'chat_room_members_guard'
    )
    and exists (
        select
        from schema_fix.legacy_rooms as room
        where room.created_by is null
            or exists (
                select
                from schema_fix.legacy_messages as message
                where message.room_id = room.id
                    and message.sender <> room.created_by
            )
    )
union all
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
    );
