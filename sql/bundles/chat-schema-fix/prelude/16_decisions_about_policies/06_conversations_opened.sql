--! Title: What has to be decided about conversations that people open by inserting them

-- Whether the condition of a policy is about rooms of another type than conversations of two.
create function schema_fix.leaves_out_conversations(expression text) returns boolean
language sql
stable
as $$
    with said as (
        select word.constant, schema_fix.meaning_of('type', word.constant) as means
        from unnest(schema_fix.constants_in(expression)) as word (constant)
    )
    select exists (
        select
        from said
        where case means
            when 'group' then 'dm' not in (select also.means from said as also where also.means is not null)
            when 'dm' then strpos(expression, '<> ' || quote_literal(constant)) > 0
        end
    )
$$;

-- Whether a policy lets people insert rooms that may be conversations of two.
create function schema_fix.people_make_conversations() returns boolean
language sql
stable
as $$
    select exists (
        select
        from schema_fix.writing_policies as making
        where making.table_name = 'chat_rooms'
            and making.command in ('a', '*')
            and making.allows <> 'false'
            and not schema_fix.leaves_out_conversations(making.allows)
    )
$$;

-- Policies by which people put themselves and others into conversations of two whose rooms they have made, where no function opens them. Who
-- may only ask to join opens none.
create view schema_fix.decisions_about_conversations_opened (name, problem, may_be_acknowledged) as
select
    format('%s.%s', policy.table_id, policy.name),
    format(
        'by the policy %I on %s people open conversations of two themselves, by a room and memberships that they insert: with the fix only'
            ' open_or_create_dm does; let the application call it',
        policy.name, policy.table_id
    ),
    true
from schema_fix.writing_policies as policy
-- mutant: a conversation that people open by inserting it is refused
where policy.holds = 'members'
    and policy.generation = 'current'
    -- One that lets everybody do everything means nothing by it.
    and (policy.command = 'a' or policy.command = '*' and policy.allows <> 'true')
    and policy.allows <> 'false'
    and has_any_column_privilege('authenticated', policy.table_id, 'insert')
    -- Where rules recurse, who only puts themselves in may have meant to ask.
    -- mutant: a conversation that people open where rules recurse is refused
    and not (
        exists (select from schema_fix.recursive_policies)
        and policy.allows !~* '\mor\M'
        and exists (
            select
            from unnest(schema_fix.columns_for(policy.table_id, 'user_id')) as person (name)
            where schema_fix.asks_who_calls(policy.allows, person.name)
        )
    )
    and not schema_fix.leaves_out_conversations(policy.allows)
    and not exists (
        select
        from unnest(schema_fix.constants_in(policy.allows)) as word (constant)
        where schema_fix.meaning_of('status', word.constant) = 'pending'
    )
    and exists (
        select
        from pg_class as relation
        where relation.oid = schema_fix.table_called('chat_rooms')
            and has_any_column_privilege('authenticated', relation.oid, 'insert')
            and (not relation.relrowsecurity or schema_fix.people_make_conversations())
    )
    -- The type knows the word, by a check, an enumeration, the default or rows.
    and exists (
        select
        from schema_fix.worded_columns as worded
        cross join lateral (
            select defined.word
            from schema_fix.words_defined as defined
            where defined.table_id = worded.table_id
                and defined.column_name = worded.column_name
            union all
            select held.word from schema_fix.words_written(worded.table_id, worded.column_name) as held (word)
        ) as known (word)
        where worded.table_id = schema_fix.table_called('chat_rooms')
            and worded.stands_for = 'type'
            and schema_fix.meaning_of('type', known.word) = 'dm'
    )
    -- In the table where they stand, or would.
    and (
        policy.table_name = 'room_members'
        or schema_fix.table_called('room_members') is null
        or schema_fix.has_conversations_that_move()
    )
    -- Where nobody sends anything, nothing works.
    and exists (select from schema_fix.rights_had where holds = 'messages' and verb = 'insert' and was_there)
    and not exists (select from schema_fix.functions_that_make_rooms where of_two)
    -- One of the application's may be left over, where people put nobody into this table.
    and not exists (
        select
        from schema_fix.replaced_functions as opening
        join schema_fix.functions_called as called
            on called.caller_id = opening.function_id
        cross join lateral schema_fix.writes_in(called.source) as written
        -- mutant: a function that is left over opens the conversations that people insert
        where opening.name in ('open_or_create_dm', 'ensure_direct_conversation')
            and has_function_privilege('authenticated', opening.function_id, 'execute')
            and written.verb = 'insert into'
            and written.table_name = policy.table_name
    );
