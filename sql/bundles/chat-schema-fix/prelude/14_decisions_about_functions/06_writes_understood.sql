--! Title: Which writes of functions mean the same after the fix

-- What functions in use say, with their constants, without the bodies that the fix replaces.
create view schema_fix.bodies_in_use as
select function_id, called_id, schema_fix.without_comments(source_with_constants) as source
from schema_fix.functions_in_use
where called_id not in (select function_id from schema_fix.functions_that_go);

-- The words that functions write: `value` as it is written, with # for brackets, and null where the values of a row cannot be told apart.
create view schema_fix.words_given as
select body.function_id, worded.table_id, worded.column_name, worded.stands_for, given.value
from schema_fix.bodies_in_use as body
cross join schema_fix.worded_columns as worded
join schema_fix.present_tables as present
    on present.table_id = worded.table_id
    and body.source ~ format('\m%s\M', present.table_name)
    and body.source ~ format('\m%s\M', lower(worded.column_name))
cross join lateral (
    select
        case
            when cardinality(inserted.columns) = cardinality(inserted.given)
                then inserted.given[array_position(inserted.columns, lower(worded.column_name))]
        end as value
    from schema_fix.rows_inserted(body.source, present.table_name) as inserted
    where lower(worded.column_name) = any (inserted.columns)
    union
    select assigned.value
    from schema_fix.writes_in(body.source) as written
    cross join lateral schema_fix.columns_set(written.verb, written.rest) as assigned
    where written.table_name = present.table_name
        and assigned.column_name = lower(worded.column_name)
) as given;

-- Whether a value of one of these columns can only be a word that the fix knows: a constant, several by a condition, or what a check or an enum
-- of today holds to such words.
create function schema_fix.is_known_word(target regclass, column_name name, stands_for name, value text) returns boolean
language sql
stable
as $$
    with known as materialized (
        select array_agg(words.word) as words from schema_fix.words where words.column_name = is_known_word.stands_for
    )
    select coalesce(
        value ~ '^(null|default)\M|^excluded\.'
        or value ~ '^(''[^'']*''|case\M.*)( ?::.*)?$' and array(select lower(btrim(said)) from unnest(schema_fix.constants_in(value)) as said) <@ known.words,
        false
    )
    or exists (
        select
        from pg_constraint as rule
        cross join lateral schema_fix.constants_in(pg_get_constraintdef(rule.oid)) as held (words)
        where rule.conrelid = target
            and rule.contype = 'c'
            and rule.conkey = array[schema_fix.place_of(target, is_known_word.column_name)]
            and held.words <> '{}'
            and held.words <@ known.words
    )
    or exists (
        select
        from pg_attribute as attribute
        join pg_enum as label
            on label.enumtypid = attribute.atttypid
        where attribute.attrelid = target
            and attribute.attname = is_known_word.column_name
        having count(*) > 0
            and array_agg(label.enumlabel::text) <@ (select words from known)
    )
    from known
$$;

-- What an update may do to a column that the fix knows: the words of a text, a time, the sender of whoever is deleted. What the fix does not know
-- stays as it is, and words are looked at by themselves.
create function schema_fix.is_understood_change(stands_for name, value text) returns boolean
language sql
immutable
return stands_for in ('content', 'created_at', 'updated_at', 'invited_by', 'slug', 'status', 'role')
    or stands_for in ('title', 'sender', 'created_by') and value ~ '^null\M';
