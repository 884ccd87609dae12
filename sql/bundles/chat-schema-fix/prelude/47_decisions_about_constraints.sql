--! Title: What has to be decided about what the fix's constraints do not allow

create view schema_fix.decisions_about_constraints (name, problem, may_be_acknowledged) as
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
-- Functions that write messages without a sender: lines of the system, calls, bots. No new message is without one.
select
    used.function_id::text,
    format(
        'the function %s writes messages without a sender into public.chat_messages, and with the fix every new one has one', used.function_id
    ),
    true
from schema_fix.functions_called as called
join schema_fix.functions_in_use as used
    on used.function_id = called.caller_id
cross join lateral regexp_matches(
    called.source, 'insert\s+into\s+(?:"?public"?\s*\.\s*)?"?chat_messages"?\s*(?:as\s+\w+\s*)?\(([^)]*)\)([^;]*)', 'g'
) as written (parts)
where not schema_fix.was_applied()
    and (
        not exists (
            select
            from unnest(schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'sender')) as sender (name)
            where written.parts[1] ~ format('\m%s\M', lower(sender.name))
                or exists (
                    select
                    from pg_attrdef
                    where adrelid = schema_fix.table_called('chat_messages')
                        and adnum = schema_fix.place_of(adrelid, sender.name)
                )
        )
        or written.parts[2] ~ '[(,]\s*null\M|select\s+null\M'
    )
group by used.function_id
union all
-- A rule that makes titles unique together with what the fix does not know, a workspace: with the fix they are unique for each creator.
select
    index.indexrelid::regclass::text,
    format(
        'the unique index %s lets groups of one title be side by side where %s differs; with the fix one creator has one group of a title',
        index.indexrelid::regclass, string_agg(other.attname, ', ' order by other.attnum)
    ),
    true
from pg_index as index
join pg_attribute as other
    on other.attrelid = index.indrelid
    and other.attnum = any (index.indkey::smallint[])
    and other.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = index.indrelid)
where index.indrelid = schema_fix.table_called('chat_rooms')
    and index.indisunique
    and not schema_fix.was_applied()
    and exists (
        select
        from unnest(schema_fix.columns_for(index.indrelid, 'title')) as title (name)
        where pg_get_indexdef(index.indexrelid) ~ format('\m%s\M', title.name)
    )
group by index.indexrelid;
