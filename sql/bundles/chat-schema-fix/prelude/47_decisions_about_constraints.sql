--! Title: What has to be decided about what the fix's constraints do not allow

-- The rows that a text of SQL, in lower case, inserts into a table, each value with its column. `columns` and `given` are the columns and the
-- values of one row as they are written, without what stands in brackets behind a name; values are null where they cannot be told apart.
create function schema_fix.rows_inserted(source text, wanted name) returns table (columns text[], given text[])
language sql
immutable
as $$
    select
        array(select btrim(listed.name, ' "') from string_to_table(regexp_replace(written.parts[1], '\s+', ' ', 'g'), ',') as listed (name)),
        array(select btrim(value) from string_to_table(inserted.list, ',') as listed (value))
    from regexp_matches(
        source,
        format('insert\s+into\s+(?:"?public"?\s*\.\s*)?"?%s"?\s*(?:as\s+\w+\s*)?\(([^)]*)\)([^;]*)', wanted),
        'g'
    ) as written (parts)
    cross join lateral regexp_replace(written.parts[2], '^\s*(values\s*\(|select\s)', '') as opened (list)
    cross join lateral regexp_replace(opened.list, '[\w."]+\s*\([^()]*\)', 'called', 'g') as first (list)
    cross join lateral regexp_replace(first.list, '[\w."]+\s*\([^()]*\)', 'called', 'g') as second (list)
    cross join lateral regexp_replace(second.list, '[\w."]+\s*\([^()]*\)', 'called', 'g') as third (list)
    cross join lateral regexp_split_to_table(third.list, '\)\s*,\s*\(') as row (list)
    cross join lateral regexp_replace(row.list, '(\)|\m(from|where|on\s+conflict|returning|union)\M).*$', '') as inserted (list)
$$;

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
-- Messages that are a file, and no words: every new one would need words.
select
    'public.chat_messages.content',
    format(
        'public.chat_messages.%I may be null and is so meant, by %s; with the fix no new message is without it',
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
group by index.indexrelid
union all
-- A name that every room is given where nobody gives it one: one creator has one group of a name. Section 04 drops such a default, and
-- an empty one without asking.
select
    format('%s.%I', attribute.attrelid::regclass, attribute.attname),
    format(
        '%s.%I has the default %s, which goes: one creator has one group of a name, and a second one would be refused',
        attribute.attrelid::regclass, attribute.attname, pg_get_expr(given.adbin, given.adrelid)
    ),
    true
from pg_attribute as attribute
join pg_attrdef as given
    on given.adrelid = attribute.attrelid
    and given.adnum = attribute.attnum
where attribute.attrelid = schema_fix.table_called('chat_rooms')
    and attribute.attname = any (schema_fix.columns_for(attribute.attrelid, 'title'))
    and pg_get_expr(given.adbin, given.adrelid) ~ '^''.*[^[:space:]].*''(::[a-z ]+(\(\d+\))?)?$'
    and not schema_fix.was_applied()
union all
-- A key to rooms that says more than the room, a tenant: the fix's key names the room alone.
select
    format('%s.%s', key.conrelid::regclass, key.conname),
    format(
        'the key %I of %s says of its room more than which it is: %s; with the fix the key is of the room alone',
        key.conname, key.conrelid::regclass, pg_get_constraintdef(key.oid)
    ),
    true
from pg_constraint as key
join schema_fix.present_tables as present
    on present.table_id = key.conrelid
    and present.generation = 'current'
where key.contype = 'f'
    and key.confrelid in (select table_id from schema_fix.present_tables where holds = 'rooms')
    and cardinality(key.conkey) > 1
    and not schema_fix.was_applied();
