--! Title: What has to be decided about messages without words

-- Every new message has words: one that is a file alone, or whose words are taken back, would be refused.
create view schema_fix.decisions_about_messages_without_words (name, problem, may_be_acknowledged) as
select
    'public.chat_messages.content',
    format(
        'public.chat_messages.%I may be null, and that is used by %s; with the fix every new one has words: let the application write an empty text',
        optional.names[1], string_agg(evidence.source, ', ' order by evidence.source)
    ),
    true
from schema_fix.optional_content as optional
cross join lateral (
    select format('the check %I', rule.conname) as source
    from pg_constraint as rule
    where rule.conrelid = optional.table_id
        and rule.contype = 'c'
        and cardinality(rule.conkey) > 1
        and exists (
            select
            from unnest(optional.names) as content (name)
            where schema_fix.place_of(rule.conrelid, content.name) = any (rule.conkey)
                and pg_get_constraintdef(rule.oid)
                    ~* format('(\m%1$s"?\)? is (not )?null|num_n(on)?nulls\([^)]*\m%1$s\M)', content.name)
        )
    union
    select format('the function %s', used.function_id)
    from schema_fix.messages_inserted as used
    where not exists (
        select
        from unnest(optional.names) as content (name)
        where not schema_fix.lacks_value(used.columns, used.given, lower(content.name))
    )
    union
    -- Those that take the words of a message back.
    -- mutant: a function that takes back what a message says is refused from then on
    select format('the function %s', used.function_id)
    from schema_fix.functions_in_use as used
    cross join unnest(optional.names) as content (name)
    where used.source ~ format('\mnew\.%s\M"?\s*:?=\s*null\M', lower(content.name))
        or exists (
            select
            from schema_fix.writes_of_functions as writing
            cross join lateral schema_fix.columns_set(writing.verb, writing.rest) as assigned
            where writing.function_id = used.function_id
                and writing.table_id = optional.table_id
                and assigned.column_name = lower(content.name)
                and assigned.value ~ '^null\M'
        )
    union
    -- mutant: a message that is a file in a column with a default is refused from then on
    select format('%s rows that carry something else', counted)
    from schema_fix.messages_without_words(
        optional.table_id, optional.names, (select array_agg(carrying.is_carried) from schema_fix.columns_that_carry as carrying)
    ) as counted
    where counted > 0
    union
    -- mutant: a message of which another table holds the file is refused from then on
    select format('%s rows of which %s holds something', counted, elsewhere.table_id)
    from schema_fix.tables_that_carry as elsewhere
    cross join schema_fix.messages_without_words(optional.table_id, optional.names, array[elsewhere.is_theirs]) as counted
    where counted > 0
    union
    -- Where no message has a file yet, the name of the column or table tells; where some have, and words too, the application writes these.
    -- mutant: the first message that is a file is refused
    select format('what messages may carry (%s)', meant.names)
    from (
        select string_agg(carrying.name, ', ' order by carrying.name) as names, array_agg(carrying.is_carried) as conditions
        from (
            select name::text, is_carried from schema_fix.columns_that_carry where by_name
            union all
            select table_id::text, is_theirs from schema_fix.tables_that_carry where by_name
        ) as carrying
    ) as meant
    where meant.names is not null
        and not schema_fix.has_message(optional.table_id, meant.conditions)
) as evidence
where not schema_fix.was_applied()
group by optional.names;
