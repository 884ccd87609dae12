--! Title: Tools that read values and words

-- A text of json of which jsonb can read every sign: one that neither a text nor jsonb can hold (`\u0000`, half of a pair of surrogates)
-- stands there as the six signs that it is written with. No text of json holds the code 1, which marks the whole pairs. The engine does
-- the same (src/stages/preservation/json-text.ts).
create function schema_fix.readable_json(written text) returns text
language sql
immutable
as $$
    select case
        when written ~ '\\u(0000|[dD][89a-fA-F])' then regexp_replace(
            regexp_replace(
                regexp_replace(
                    written,
                    '(?<!\\)((?:\\\\)*)\\u([dD][89abAB][[:xdigit:]]{2})\\u([dD][c-fC-F][[:xdigit:]]{2})', e'\\1\x01\\2\\3', 'g'
                ),
                '(?<!\\)((?:\\\\)*)\\(u0000|u[dD][89a-fA-F][[:xdigit:]]{2})', '\1\\\\\2', 'g'
            ),
            e'\x01(....)(....)', '\\u\1\\u\2', 'g'
        )
        else written
    end
$$;

-- Whether a text of json has a number that jsonb may not hold: it has a thousand digits, or 255 are written. The engine asks the same.
create function schema_fix.is_beyond_jsonb(written text) returns boolean
language sql
immutable
return written ~ '[eE][+-]?\d{4}|\d{255}' and regexp_replace(written, '"([^"\\]|\\.)*"', '""', 'g') ~ '[eE][+-]?\d{4}|\d{255}';

-- What a value of json is as a text: a string without its quotes, anything else as it is written.
create function schema_fix.text_of_json(said json) returns text
language sql
immutable
return case json_typeof(said) when 'string' then schema_fix.readable_json(said::text)::jsonb #>> '{}' else said::text end;

-- Whether a table has a column of json, or one that may hold some.
create function schema_fix.has_json(target oid) returns boolean
language sql
stable
return exists (
    select
    from pg_attribute
    join pg_type as type
        on type.oid = atttypid
    where attrelid = target
        and attnum > 0
        and (coalesce(nullif(type.typbasetype, 0), type.oid) in ('json'::regtype, 'json[]'::regtype) or type.typcategory = 'C')
);

-- A row as jsonb. What no jsonb can hold stands there as it is written: a sign as six signs, a number's column as a text.
create function schema_fix.as_jsonb(said anyelement) returns jsonb
language sql
stable
as $$
    select case
        when written.row ~ '\\u(0000|[dD][89a-fA-F])' or schema_fix.is_beyond_jsonb(written.row) then (
            select jsonb_object_agg(
                field.key,
                case when schema_fix.is_beyond_jsonb(field.value::text) then to_jsonb(field.value::text) else field.value::jsonb end
            )
            from json_each(schema_fix.readable_json(written.row)::json) as field
        )
        else to_jsonb(said)
    end
    from (select row_to_json(said)::text as row) as written
$$;

-- A user's id written as text, or null if it is none.
create function schema_fix.user_uuid(written text) returns uuid
language sql
immutable
as $$
    select case
        -- mutant: ids written in braces or capitals are not recognised
        when btrim(written) ~* '^(([0-9a-f]{4}-?){7}[0-9a-f]{4}|\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\})$'
            then btrim(written)::uuid
    end
$$;

-- A room's id written as text. One that is no uuid (`lobby`) becomes one, the same wherever it is written.
create function schema_fix.room_uuid(written text) returns uuid
language sql
immutable
as $$
    select coalesce(schema_fix.user_uuid(written), md5('chat room ' || written)::uuid)
$$;

-- The texts that are a time for certain, in whatever DateStyle they are read: the year first, as the engine reads them, too.
create function schema_fix.written_times() returns text
language sql
immutable
return '^(?!0000|0\d{5}|(29427[6-9]|2942[89]\d|294[3-9]\d\d|29[5-9]\d{3}|[3-9]\d{5})-)'
    '(?!\d+-02-29.* BC|(\d{5,}|471[3-9]|47[2-9]\d|4[89]\d\d|[5-9]\d{3})-.* BC)'
    '\d{4,6}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])'
    '([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?( ?(Z|UTC|GMT|[+-](0\d|1[0-4])(:?[0-5]\d)?))?)?( BC)?$|^-?[Ii]nfinity$';

-- A number of seconds since 1970 as a time, to the microsecond.
create function schema_fix.time_after_seconds(seconds numeric) returns timestamptz
language sql
immutable
return timestamptz '1970-01-01 00:00:00+00' + trunc(seconds)::float8 * interval '1 second'
    + round((seconds - trunc(seconds)) * 1000000)::float8 * interval '1 microsecond';

-- A time written as text, or null if it is none for certain: one that names the day first, a zone by its name, or itself depends on when
-- it is read (`now`). A long number counts seconds since 1970, or milliseconds; one with six decimals seconds, as the engine notes a time.
create function schema_fix.time_of(written text) returns timestamptz
language plpgsql
stable
as $$
begin
    return case
        when written ~ '^\d{9,13}(\.\d+)?$'
            then schema_fix.time_after_seconds(written::numeric / case when written::numeric < 100000000000 then 1 else 1000 end)
        when written ~ '^(?!-0\.0)-?(0|[1-9]\d*)\.\d{6}$' then schema_fix.time_after_seconds(written::numeric)
        when written ~ schema_fix.written_times() then written::timestamptz
    end;
exception
    -- A day that its month does not have, or a year out of reach.
    -- mutant: a day that its month does not have stops the fix
    when data_exception then
        return null;
end
$$;

-- Whether something stands there that is no user's id.
create function schema_fix.is_no_user(written text) returns boolean
language sql
immutable
return written is not null and schema_fix.user_uuid(written) is null;

-- Whether something stands there that is no time; of a column of times the engine notes a number of seconds.
create function schema_fix.is_no_time(written text) returns boolean
language sql
stable
return written is not null and schema_fix.time_of(written) is null;

-- What a word means, or null if the facts do not know it.
create function schema_fix.meaning_of(wanted name, written text) returns text
language sql
stable
as $$
    select means from schema_fix.words where column_name = wanted and word = lower(btrim(written))
$$;

-- Whether a type takes the words of ours for types, statuses or roles. An enumeration, or a domain with a check, may not.
create function schema_fix.takes_our_words(type regtype) returns boolean
language plpgsql
stable
as $$
declare
    words text[];
begin
    if not exists (
        select
        from pg_type
        where oid = type
            and (typtype = 'e' or typtype = 'd' and typbasetype in ('text'::regtype, 'character varying'::regtype))
    ) then
        return true;
    end if;
    for words in select array_agg(distinct means) from schema_fix.words group by column_name loop
        begin
            execute format('select %L::%s[]', words, type);
            return true;
        exception
            when invalid_text_representation or check_violation then
                null;
        end;
    end loop;
    return false;
end
$$;

-- What a membership's status amounts to. Only `approved` itself gives access; an unknown word means pending.
create function schema_fix.known_status(written text) returns text
language sql
stable
as $$
    select case
        when written = 'approved' then 'approved'
        when schema_fix.meaning_of('status', written) = 'blocked' then 'blocked'
        -- mutant: an unknown status counts as approved
        else 'pending'
    end
$$;

-- A column beside the one for the type, of which it was acknowledged that it says something else, stands for nothing.
create table schema_fix.types_left as
select found.target::regclass as table_id, (schema_fix.columns_for(found.target, 'type'))[1] as type, found.column_name as name
from schema_fix.columns_found as found
where found.stands_for = 'type'
    and found.rank > 1
    and schema_fix.is_acknowledged(format('%s.%I.left', found.target::regclass, found.column_name));
delete from schema_fix.column_names as known
using schema_fix.types_left as other
join pg_class as relation
    on relation.oid = other.table_id
where known.table_name = relation.relname
    and known.column_name = 'type'
    and schema_fix.spelling(known.known_as) = schema_fix.spelling(other.name);
