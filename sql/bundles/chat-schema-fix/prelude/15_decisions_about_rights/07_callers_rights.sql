--! Title: What has to be decided about functions that write with the rights of whoever calls them

-- The tables of which a statement in a text of SQL, in lower case, locks rows: those that it reads, or that it names, itself or by an alias.
create function schema_fix.locks_in(source text, wanted text) returns boolean
language sql
immutable
as $$
    select exists (
        select
        from regexp_split_to_table(source, ';') as statement (text)
        cross join lateral regexp_matches(
            statement.text, '\mfor\s+(?:no\s+key\s+update|update|key\s+share|share)\M(?:\s+of\s+("?\w+"?(?:\s*,\s*"?\w+"?)*))?', 'g'
        ) as lock (named)
        cross join lateral regexp_matches(
            statement.text, schema_fix.table_after('\mfrom|\mjoin|,', wanted) || '"?(?:\s+as)?(?:\s+"?(\w+))?', 'g'
        ) as read (parts)
        where lock.named[1] is null
            or array[wanted, read.parts[cardinality(read.parts)]] && string_to_array(regexp_replace(lock.named[1], '[\s"]', '', 'g'), ',')
    )
$$;

create view schema_fix.decisions_about_callers_rights (name, problem, may_be_acknowledged) as
select
    wrong.function_id::text,
    format(
        '%s writes with the rights of whoever sets it going, and with the fix %s: make the function security definer with a search_path of its own,'
            ' and let it ask what they may, or acknowledge it',
        string_agg(distinct wrong.what, ', '), string_agg(distinct wrong.words, '; and ')
    ),
    true
from (
    -- mutant: what a function did with its caller's rights stops working without a word
    select
        writing.function_id, writing.what,
        format(
            'nobody %s %s',
            case when writing.verb = 'delete from' then 'deletes rows of' else 'changes rows of' end, writing.table_id
        ) as words
    from schema_fix.writes_as_caller as writing
    where writing.table_name <> 'chat_room_members'
        and (writing.verb in ('update', 'delete from') or writing.rest ~ '\mon conflict\M.*\mdo update\M')
    union all
    -- Of all who are in a room, or of another than who acts.
    select
        writing.function_id, writing.what,
        format('nobody but an admin %s memberships of others', case writing.verb when 'update' then 'changes' else 'deletes' end)
    from schema_fix.writes_as_caller as writing
    cross join lateral (
        select string_agg(lower(name), '|') as names from unnest(schema_fix.columns_for(writing.table_id, 'user_id')) as found (name)
    ) as person
    left join lateral regexp_match(
        writing.rest,
        format('\m(?:%1$s)"? *(?:=|in\M) *\(? *((?:\w+ ?\. ?)?"?\w+)|((?:\w+ ?\. ?)?\w+)(?:\(\))? *= *(?:\w+ ?\. ?)?"?(?:%1$s)\M', person.names)
    ) as compared (parts)
        on true
    -- mutant: a membership of another is changed by nobody without a word
    where writing.table_name = 'chat_room_members'
        and writing.verb in ('update', 'delete from')
        and (
            compared.parts is null
            or writing.fired_on is not null
            and schema_fix.is_the_caller(coalesce(compared.parts[1], compared.parts[2]), writing.source, writing.called_id, writing.fired_on) is not true
        )
    union all
    select writing.function_id, writing.what, format('nobody but its functions adds people to %s', writing.table_id)
    from schema_fix.writes_as_caller as writing
    where writing.table_name = 'room_members'
        and writing.verb = 'insert into'
    union all
    -- Messages and rooms in the name of another, or of nobody.
    select
        writing.function_id, writing.what,
        format('everybody %s in their own name alone', case writing.table_name when 'chat_messages' then 'sends' else 'makes rooms' end)
    from schema_fix.writes_as_caller as writing
    cross join lateral schema_fix.rows_inserted(writing.source, writing.table_name) as made
    left join lateral (
        select made.given[array_position(made.columns, lower(person.name))] as value
        from unnest(
            schema_fix.columns_for(writing.table_id, case writing.table_name when 'chat_messages' then 'sender' else 'created_by' end)
        ) with ordinality as person (name, rank)
        where lower(person.name) = any (made.columns)
        order by person.rank
        limit 1
    ) as given
        on true
    -- mutant: a message in another name is refused to a function without a word
    where writing.table_name in ('chat_messages', 'chat_rooms')
        and writing.verb = 'insert into'
        and cardinality(made.columns) = cardinality(made.given)
        and schema_fix.is_the_caller(given.value, writing.source, writing.called_id, writing.fired_on) is not true
    union all
    -- Memberships that come with something else.
    select writing.function_id, writing.what, 'nobody but an admin adds people to a group, and who asks to join waits'
    from schema_fix.writes_as_caller as writing
    where writing.table_name = 'chat_room_members'
        and writing.verb = 'insert into'
        and writing.fired_on is distinct from schema_fix.table_called('chat_rooms')
        and writing.fired_on is not null
    union all
    -- Rules about who may join, by a trigger that counts or looks for what whoever asks to join does not see any more.
    -- mutant: a rule about who may join sees nothing any more
    select
        going.function_id, going.what,
        format('who asks to join sees none of %s, by which it refuses', string_agg(distinct present.table_id::text, ', '))
    from schema_fix.set_going_by_users as going
    join schema_fix.runs_as_caller as running
        using (function_id)
    join schema_fix.functions_in_use as used
        using (function_id, called_id)
    join schema_fix.present_tables as present
        on present.generation = 'current'
        and used.source ~ schema_fix.table_after('from|join', present.table_name)
    join pg_class as relation
        on relation.oid = present.table_id
    where going.table_id = schema_fix.table_called('chat_room_members')
        and exists (select from pg_trigger where tgrelid = going.table_id and tgfoid = going.function_id and tgtype & 5 = 5)
        and used.source ~ '\mraise\s+(exception|sqlstate|using)|\mreturn\s+null\M'
        and not schema_fix.was_applied()
        -- Where everybody saw it.
        and (
            not relation.relrowsecurity
            or exists (
                select
                from schema_fix.present_policies as policy
                where policy.table_id = present.table_id
                    and policy.is_permissive
                    and policy.command in ('r', '*')
                    and policy.using_expression = 'true'
            )
        )
    group by going.function_id, going.what
    union all
    -- A row that is locked is one that the caller may update.
    select
        going.function_id, going.what,
        format(
            '%s would find the rows of %s that it locks (select … for update)',
            case when had.table_name = 'chat_room_members' then 'nobody but an admin' else 'nobody' end, had.table_id
        )
    from schema_fix.set_going_by_users as going
    join schema_fix.runs_as_caller as running
        using (function_id)
    join schema_fix.functions_in_use as used
        using (function_id, called_id)
    -- mutant: a row that was locked is found by nobody without a word
    join schema_fix.rights_had as had
        on had.verb = 'update'
        and had.was_there
        and had.generation = 'current'
        and schema_fix.locks_in(used.source, had.table_name)
    where not schema_fix.was_applied()
) as wrong
group by wrong.function_id;
