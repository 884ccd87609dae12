--! Title: What has to be decided about writes that the fix does not understand

-- A function or a rule writes the chat's tables after the fix as before where every statement in it has a form that is known to mean the same.
-- Whatever else it writes is named here.
create view schema_fix.decisions_about_writes_not_understood (name, problem, may_be_acknowledged) as
-- mutant: what a function writes is not understood
select
    wrong.function_id::text,
    format('the function %s %s', wrong.function_id, string_agg(distinct wrong.words, '; and ')),
    true
from (
    -- Rows whose columns are not named, where the fix changes the columns.
    select writing.function_id, format('writes rows into %s without naming their columns, which the fix changes: name them', writing.table_id) as words
    from schema_fix.writes_of_functions as writing
    where writing.verb = 'insert into'
        and writing.listed is null
        and writing.rest !~ '^ ?default values'
        and (
            exists (select from schema_fix.tables_that_grow as grown where grown.table_id = writing.table_id)
            or exists (select from schema_fix.columns_that_change_type as changed where changed.table_id = writing.table_id)
        )
    union all
    select writing.function_id, format('writes into %s what the fix cannot read: %s', writing.table_id, array_to_string(writing.listed, ', '))
    from schema_fix.writes_of_functions as writing
    where exists (
        select
        from unnest(writing.listed) as named (name)
        where not exists (
            select from pg_attribute where attrelid = writing.table_id and attnum > 0 and lower(attname) = named.name and not attisdropped
        )
    )
    union all
    -- Rows without a room or a person.
    select
        writing.function_id,
        format('writes rows into %s without %I, and with the fix every row has one', writing.table_id, required.column_name)
    from schema_fix.writes_of_functions as writing
    join schema_fix.columns as required
        on required.table_name = writing.table_name
        and required.column_name in ('room_id', 'user_id')
        and required.is_required
    where writing.listed is not null
        and exists (select from unnest(schema_fix.columns_for(writing.table_id, required.column_name)))
        and not exists (
            select
            from unnest(schema_fix.columns_for(writing.table_id, required.column_name)) as found (name)
            join pg_attribute as attribute
                on attribute.attrelid = writing.table_id
                and attribute.attname = found.name
            where lower(found.name) = any (writing.listed)
                or attribute.atthasdef
                or attribute.attnotnull
        )
    union all
    -- Rooms without a type, where no column says it: with the fix they are groups.
    select
        writing.function_id,
        format('makes rooms in %s, which has no type today; with the fix it makes groups: give the table a column type before', writing.table_id)
    from schema_fix.writes_of_functions as writing
    where writing.table_name = 'chat_rooms'
        and writing.verb = 'insert into'
        and schema_fix.columns_for(writing.table_id, 'type') = '{}'
        and exists (
            select from schema_fix.legacy_members as member where member.source in ('public.room_members', 'public.conversation_participants')
        )
    union all
    -- What happens where a row is there already, found by columns of which the fix makes another rule.
    select
        writing.function_id,
        format('looks in %s for a row with the same %s, and the fix replaces the rule behind it', writing.table_id, told.columns)
    from schema_fix.writes_of_functions as writing
    cross join lateral substring(writing.rest from '\mon conflict ?\(([^()]*)\)') as told (columns)
    where writing.verb = 'insert into'
        and exists (
            select
            from string_to_table(told.columns, ',') as named (name)
            join schema_fix.columns_found as found
                on found.target = writing.table_id
                and lower(found.column_name) = btrim(named.name, ' "')
            where found.stands_for not in ('id', 'room_id', 'user_id')
        )
    union all
    -- Updates.
    select
        writing.function_id,
        case
            when assigned.column_name is null then format('has an update of %s that the fix does not understand', writing.table_id)
            else format('changes %s.%I', writing.table_id, assigned.column_name)
        end
    from schema_fix.writes_of_functions as writing
    cross join lateral (
        select assigned.* from schema_fix.columns_set(writing.verb, writing.rest) as assigned
        union all
        select null, null where writing.verb = 'update' and not exists (select from schema_fix.columns_set(writing.verb, writing.rest))
    ) as assigned
    left join schema_fix.columns_found as found
        on found.target = writing.table_id
        and lower(found.column_name) = assigned.column_name
    where assigned.column_name is null
        or found.stands_for is not null
        and not schema_fix.is_understood_change(found.stands_for, assigned.value)
        -- Who gives a group a title is told that there is one of the name; whoever a trigger acts for is not.
        and not (
            found.stands_for = 'title'
            and exists (select from pg_proc where oid = writing.function_id and prorettype <> 'trigger'::regtype)
        )
    union all
    -- Values that a trigger gives the row that is written.
    select acting.tgfoid::regprocedure, format('gives every new row of %s a %I, which the fix guards', acting.tgrelid::regclass, found.column_name)
    from pg_trigger as acting
    join schema_fix.present_tables as present
        on present.table_id = acting.tgrelid
        and present.generation = 'current'
    join schema_fix.functions_in_use as used
        on used.function_id = acting.tgfoid
        and used.called_id = acting.tgfoid
    join schema_fix.columns_found as found
        on found.target = acting.tgrelid
        and found.stands_for in ('title', 'type', 'room_id', 'user_id', 'created_by')
    cross join lateral regexp_matches(
        used.source, format('\mnew\s*\.\s*"?%1$s"?\s*:?=(?!=)([^;]*);|\minto\s+(?:strict\s+)?(?:[\w."]+\s*,\s*)*new\s*\.\s*"?%1$s\M', lower(found.column_name)), 'g'
    ) as given (parts)
    where not acting.tgisinternal
        and acting.tgtype & 2 = 2
        and not schema_fix.was_applied()
        and coalesce(btrim(given.parts[1]), '') !~ '^(\(\s*select\s+)?auth\s*\.\s*uid\s*\(|^null$|^(btrim|trim|nullif|left|regexp_replace)\s*\('
        and used.source !~ format('\mif\s+[^;]*\mnew\s*\.\s*"?%s"?\s*(=|<>|!=)', lower(found.column_name))
    union all
    -- Words of people and rooms.
    select
        given.function_id,
        format('may write a value into %s.%I that the fix does not allow', given.table_id, given.column_name)
    from schema_fix.words_given as given
    where not schema_fix.was_applied()
        and not schema_fix.is_known_word(given.table_id, given.column_name, given.stands_for, given.value)
    union all
    -- Deletions.
    select
        writing.function_id,
        format(
            'deletes from %s, which took nothing along from %s; with the fix what is in a room is deleted with it', writing.table_id, kept.table_id
        )
    from schema_fix.writes_of_functions as writing
    join schema_fix.present_tables as kept
        on kept.generation = 'current'
        and kept.holds <> 'rooms'
    where writing.table_name = 'chat_rooms'
        and writing.verb = 'delete from'
        and not exists (select from pg_constraint where contype = 'f' and conrelid = kept.table_id and confrelid = writing.table_id)
        and not exists (
            select
            from schema_fix.writes_of_functions as beside
            where beside.function_id = writing.function_id
                and beside.table_id = kept.table_id
                and beside.verb = 'delete from'
        )
    union all
    select writing.function_id, format('deletes every row of %s', writing.table_id)
    from schema_fix.writes_of_functions as writing
    where writing.verb = 'delete from'
        and schema_fix.outside_brackets(writing.rest, 0) !~ '\mwhere\M'
    union all
    -- Memberships written where they are read no more.
    select used.function_id, format('makes memberships in %s, which nobody reads any more', present.table_id)
    from schema_fix.functions_in_use as used
    cross join lateral schema_fix.writes_in(used.source) as written
    join schema_fix.present_tables as present
        on present.table_name = written.table_name
        and present.generation = 'first'
        and present.holds = 'members'
    where written.verb in ('insert into', 'merge into')
        and not schema_fix.was_applied()
    union all
    -- Views over the tables.
    select used.function_id, format('writes %s through the view %s', present.table_id, view.oid::regclass)
    from schema_fix.functions_in_use as used
    cross join lateral schema_fix.writes_in(used.source) as written
    join pg_class as view
        on view.oid = to_regclass(case when written.table_name ~ '\.' then written.table_name else 'public.' || written.table_name end)
        and view.relkind = 'v'
    join schema_fix.present_tables as present
        on present.generation = 'current'
        and schema_fix.reads(view.oid, present.table_id)
    where not schema_fix.was_applied()
    union all
    -- Statements that are built when they run, of a table that cannot be told, in a function that knows the chat's.
    select used.function_id, format('has a statement that is built when it runs, and may write %s', present.table_id)
    from schema_fix.functions_in_use as used
    cross join lateral schema_fix.writes_in(used.source) as written
    join schema_fix.present_tables as present
        on present.generation = 'current'
        and (
            used.source ~ format('\m%s\M', present.table_name)
            or exists (select from pg_trigger where tgrelid = present.table_id and tgfoid = used.called_id and not tgisinternal)
        )
    where written.table_name is null
        and used.source ~ '\mexecute\M'
        and written.rest ~ '^ ?("?\w+"? ?\. ?)?"?(''|%|\|\||\$)'
        and not schema_fix.was_applied()
    union all
    -- Languages that the fix does not read.
    select used.function_id, format('is written in %s and may write %s', language.lanname, present.table_id)
    from schema_fix.functions_in_use as used
    join pg_proc as routine
        on routine.oid = used.called_id
    join pg_language as language
        on language.oid = routine.prolang
        and language.lanname not in ('sql', 'plpgsql')
    join schema_fix.present_tables as present
        on present.generation = 'current'
        and used.source ~ format('\m%s\M', present.table_name)
    where used.source ~ '\m(insert|update|delete|merge|truncate|upsert)\M'
        and not schema_fix.was_applied()
) as wrong
group by wrong.function_id
union all
-- Rules that write them when something else is written.
select
    format('%s.%s', rule.ev_class::regclass, rule.rulename),
    format('the rule %I on %s writes %s', rule.rulename, rule.ev_class::regclass, string_agg(distinct present.table_id::text, ', ')),
    true
from pg_rewrite as rule
cross join lateral schema_fix.writes_in(regexp_replace(lower(pg_get_ruledef(rule.oid)), '^.*?\mdo\M( instead| also)?', ' ')) as written
join schema_fix.present_tables as present
    on present.table_name = written.table_name
    and present.generation = 'current'
where rule.ev_type <> '1'
    and rule.ev_enabled <> 'D'
    and not schema_fix.was_applied()
group by rule.ev_class, rule.rulename;
