--! Title: What has to be decided about what goes by memberships being hidden

-- How often a text of SQL compares one of the columns with who calls, as Postgres prints it or as people write it.
create function schema_fix.comparisons_with_caller(source text, columns text) returns bigint
language sql
stable
as $$
    select count(*)
    from regexp_matches(
        schema_fix.with_plain_caller(lower(source)),
        format(
            '\m(?:%1$s)"?\)*(?:::[\w ]+)?\)* *= *(?:any *)?[( ]*(?:select +)?(?:\w+\.)?\w+ *\('
                '|\(\)(?:::\w+)?\)*(?:::\w+)?\)* *(?:=|\min\M)[( ]*(?:any[( ]*)?(?:select +(?:distinct +)?)?(?:\w+\.)?"?(?:%1$s)\M',
            columns
        ),
        'g'
    )
$$;

-- Where everybody saw their own memberships alone, "somebody is an admin there" meant "I am". With the fix those in a room see one another, and what
-- reads the table with the rights of whoever asks, and does not compare whose membership it is, means everybody. Of functions it is enough that they
-- compare the person with anything, an argument for instance.
create view schema_fix.decisions_about_hidden_memberships (name, problem, may_be_acknowledged) as
with hidden as materialized (
    select
        present.table_id,
        present.table_name,
        (select string_agg(lower(name), '|') from unnest(schema_fix.columns_for(present.table_id, 'user_id')) as person (name)) as columns
    from schema_fix.present_tables as present
    where present.table_id in (select seen.table_id from schema_fix.seen_by_themselves as seen)
        and not schema_fix.was_applied()
),
reading as (
    select distinct reader.name, reader.what, hidden.table_id
    from hidden
    join schema_fix.readers as reader
        on reader.table_id = hidden.table_id
        and reader.relation_id <> hidden.table_id
    where case reader.kind
            -- mutant: who is a member may do what who is an admin could, by a policy of another table
            when 'policy' then reader.id not in (select policy_id from schema_fix.old_policies)
                and schema_fix.binds_signed_in(array(select unnest(polroles) from pg_policy where oid = reader.id))
            -- mutant: a view of one's own memberships shows those of others
            when 'view' then not schema_fix.reads_for_its_owner(reader.relation_id)
        end
        and schema_fix.comparisons_with_caller(reader.source, hidden.columns) < (
            select count(*)
            from regexp_matches(lower(reader.source), schema_fix.table_after('(?:from|join)[ (]*|,', hidden.table_name), 'g')
        )
    union
    select running.called_id::regprocedure::text, format('function %s', running.called_id::regprocedure), hidden.table_id
    from hidden
    join schema_fix.functions_in_use as used
        on used.source ~ schema_fix.table_after('from|join', hidden.table_name)
    join schema_fix.runs_as_caller as running
        using (function_id, called_id)
    -- mutant: a function that counted one's own memberships counts those of others
    where used.source !~ format('\m(%1$s)"?(\s*::\s*\w+)?\s*(=|\min\M|\mis\s+not\M)|(=|\min\M)[\s(]*(any\M[\s(]*)?(select\M\s*)?(\w+\s*\.\s*)?"?(%1$s)\M', hidden.columns)
)
select
    reading.name,
    format(
        'the %s reads %s with the caller''s rights and does not compare whose membership it is: users saw only their own, and with the fix those in a'
            ' room see one another: compare the person with auth.uid()',
        reading.what, string_agg(reading.table_id::text, ', ')
    ),
    true
from reading
group by reading.name, reading.what;

-- Whether some row says something in a column, other than its default.
create function schema_fix.says_something(target regclass, column_name name, preset text) returns boolean
language plpgsql
stable
as $$
declare
    is_said boolean;
begin
    execute format('select exists (select from %s where %I::text not in ('''', %L))', target, column_name, coalesce(preset, ''))
    into is_said;
    return is_said;
end
$$;

-- What a membership says to its owner alone, everybody in the room reads with it: the fix shows whole rows. Whether and when (muted, last read), and how
-- many, is what chats show one another; words, places, tokens and keys may be anything.
create view schema_fix.decisions_about_what_owners_read (name, problem, may_be_acknowledged) as
select
    format('%s.%I', present.table_id, attribute.attname),
    format(
        '%s.%I was shown to its owner alone, since users saw only their own membership; with the fix those in a room see one another, with every column:'
            ' move it to a table of its own; or acknowledge it, if the others may read it',
        present.table_id, attribute.attname
    ),
    true
from schema_fix.present_tables as present
join pg_attribute as attribute
    on attribute.attrelid = present.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
    and has_column_privilege('authenticated', attribute.attrelid, attribute.attnum, 'select')
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = present.table_id)
join pg_type as type
    on type.oid = attribute.atttypid
left join lateral (
    select substring(pg_get_expr(adbin, adrelid) from '^''((?:[^'']|'''')*)''::') as literal
    from pg_attrdef
    where adrelid = attribute.attrelid
        and adnum = attribute.attnum
) as preset
    on true
-- mutant: what a membership says to its owner alone is shown to the room without a word
where present.table_id in (select seen.table_id from schema_fix.seen_by_themselves as seen)
    and not schema_fix.was_applied()
    -- What the server fills in each row tells nothing.
    and (not attribute.atthasdef or preset.literal is not null)
    and type.typcategory not in ('B', 'D', 'T')
    and not (
        (type.typcategory = 'N' or type.oid = 'uuid'::regtype)
        and attribute.attname ~* '(^|_)(read|seen|unread|count|order|position)(_|$)'
    )
    and type.oid <> 'tsvector'::regtype
    and schema_fix.says_something(present.table_id, attribute.attname, preset.literal);
