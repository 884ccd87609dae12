--! Title: What has to be decided about messages without a sender or words

-- The rows that functions insert into messages.
create view schema_fix.messages_inserted as
select used.function_id, inserted.columns, inserted.given
from schema_fix.functions_in_use as used
cross join lateral schema_fix.rows_inserted(used.source, 'chat_messages') as inserted;

-- Whether a row that a function inserts has no value in a column, or null.
create function schema_fix.lacks_value(columns text[], given text[], wanted text) returns boolean
language sql
immutable
return case
    when array_position(columns, wanted) is null then true
    -- Where the values cannot be told apart, any of them may be null.
    when cardinality(columns) <> cardinality(given) then array_to_string(given, ',') ~ '(^|[(,]|select)\s*null\M'
    else given[array_position(columns, wanted)] ~ '^null\M'
end;

-- The columns of messages for what they say, where all of them may be null.
create view schema_fix.optional_content as
select relation.table_id, found.names
from schema_fix.present_tables as relation
cross join lateral schema_fix.columns_for(relation.table_id, 'content') as found (names)
where relation.table_name = 'chat_messages'
    and found.names <> '{}'
    and not exists (
        select
        from pg_attribute
        where attrelid = relation.table_id
            and attname = any (found.names)
            and (attnotnull or atthasdef)
    );

-- Messages that say nothing and carry something else: a file, a place, in a column that the fix does not know and that nothing fills by itself.
create function schema_fix.messages_without_content() returns bigint
language plpgsql
stable
as $$
declare
    counted bigint := 0;
    query text;
begin
    select format(
        'select count(*) from %s where num_nonnulls(%s) = 0 and (%s)',
        optional.table_id,
        (select string_agg(quote_ident(name), ', ') from unnest(optional.names) as name),
        string_agg(format('btrim(%I::text) <> ''''', attribute.attname), ' or ')
    )
    into query
    from schema_fix.optional_content as optional
    join pg_attribute as attribute
        on attribute.attrelid = optional.table_id
        and attribute.attnum > 0
        and not attribute.attisdropped
        and not attribute.atthasdef
        and attribute.attidentity = ''
        and attribute.atttypid in (
            'text'::regtype, 'varchar'::regtype, 'json'::regtype, 'jsonb'::regtype, 'text[]'::regtype, 'uuid'::regtype
        )
        and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = optional.table_id)
    group by optional.table_id, optional.names;
    if query is not null then
        execute query into counted;
    end if;
    return counted;
end
$$;

create view schema_fix.decisions_about_required_values (name, problem, may_be_acknowledged) as
-- A check that lets some messages be without a sender: these are the application's.
select
    format('%s.%s', rule.conrelid::regclass, rule.conname),
    format('the check %I on %s lets messages be without a sender, and with the fix every new one has one', rule.conname, rule.conrelid::regclass),
    true
from pg_constraint as rule
cross join lateral unnest(schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'sender')) as sender (name)
where rule.contype = 'c'
    and rule.conrelid = schema_fix.table_called('chat_messages')
    and cardinality(rule.conkey) > 1
    and schema_fix.place_of(rule.conrelid, sender.name) = any (rule.conkey)
    and pg_get_constraintdef(rule.oid) ~* format('\m%s"?\)? is (not )?null', sender.name)
    and not schema_fix.was_applied()
union all
-- Messages that are a file, and no words: every new one would need words.
select
    'public.chat_messages.content',
    format(
        'public.chat_messages.%I may be null, and that is used by %s; with the fix no new message is without it',
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
    select format('%s rows that carry something else', counted)
    from schema_fix.messages_without_content() as counted
    where counted > 0
) as evidence
where not schema_fix.was_applied()
group by optional.names
union all
-- Functions that write messages without a sender: lines of the system, calls, bots. No new message is without one.
select
    used.function_id::text,
    format(
        'the function %s writes messages without a sender into public.chat_messages, and with the fix every new one has one', used.function_id
    ),
    true
from schema_fix.messages_inserted as used
where not schema_fix.was_applied()
    -- Every name of the column: the first of them that is filled counts.
    and not exists (
        select
        from unnest(schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'sender')) as sender (name)
        where not schema_fix.lacks_value(used.columns, used.given, lower(sender.name))
            or lower(sender.name) <> all (used.columns) and exists (
                select
                from pg_attrdef
                where adrelid = schema_fix.table_called('chat_messages')
                    and adnum = schema_fix.place_of(adrelid, sender.name)
            )
    )
group by used.function_id;
