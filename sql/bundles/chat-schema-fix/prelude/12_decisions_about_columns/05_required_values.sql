--! Title: What has to be decided about messages without a sender

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

create view schema_fix.decisions_about_required_values (name, problem, may_be_acknowledged) as
-- A check that lets some messages be without a sender: these are the application's.
select
    format('%s.%s', rule.conrelid::regclass, rule.conname),
    format(
        'the check %I on %s lets messages be without a sender, and with the fix every new one has one: let the application write it',
        rule.conname, rule.conrelid::regclass
    ),
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
-- Functions that write messages without a sender: lines of the system, calls, bots. No new message is without one.
select
    used.function_id::text,
    format(
        'the function %s writes messages without a sender into public.chat_messages, and with the fix every new one has one: let it write the sender',
        used.function_id
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
