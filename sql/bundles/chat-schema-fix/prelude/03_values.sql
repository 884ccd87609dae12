--! Title: Tools that read values and words

-- A pattern for the one sign of json that neither a text nor jsonb can hold.
create function schema_fix.zero_in_json() returns text
language sql
immutable
return '(?<!\\)((?:\\\\)*)\\u0000';

-- Whether a table has a column of json.
create function schema_fix.has_json(target oid) returns boolean
language sql
stable
return exists (select from pg_attribute where attrelid = target and atttypid = 'json'::regtype and not attisdropped);

-- A row as jsonb. A sign of its json that no jsonb can hold stands there as it is written, as six signs.
create function schema_fix.as_jsonb(said anyelement) returns jsonb
language plpgsql
stable
as $$
begin
    return to_jsonb(said);
exception
    when untranslatable_character then
        return regexp_replace(row_to_json(said)::text, schema_fix.zero_in_json(), '\1\\\\u0000', 'g')::jsonb;
end
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

-- A time written as text, or null if it is none: not a time at all, of a zone that nobody knows, or one that depends on when it is
-- read (`now`). A long number counts seconds since 1970, or milliseconds.
create function schema_fix.time_of(written text) returns timestamptz
language plpgsql
stable
as $$
begin
    if written ~* '(now|today|tomorrow|yesterday)' then
        return null;
    end if;
    if written ~ '^\s*\d{9,13}(\.\d+)?\s*$' then
        return to_timestamp(written::numeric / case when written::numeric < 100000000000 then 1 else 1000 end);
    end if;
    return nullif(btrim(written), '')::timestamptz;
exception
    -- mutant: a zone that nobody knows stops the fix
    when data_exception then
        return null;
end
$$;

-- Whether something stands there that is no user's id.
create function schema_fix.is_no_user(written text) returns boolean
language sql
immutable
return written is not null and schema_fix.user_uuid(written) is null;

-- Whether something stands there that is no time; of a column of times it is a number of seconds.
create function schema_fix.is_no_time(written text) returns boolean
language sql
stable
return written is not null and written !~ '^-?\d{9,}\.\d+$' and schema_fix.time_of(written) is null;

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
create function schema_fix.member_status(written text) returns text
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

-- How a column of a type is read as the type of the column that it stands for: an expression with %1$I for its name.
create function schema_fix.conversion_from(type_id oid, wanted name, wanted_type regtype) returns text
language sql
stable
as $$
    select case
        when wanted_type = 'uuid'::regtype and oid = wanted_type then '%1$I'
        when wanted_type = 'uuid'::regtype and wanted in ('id', 'room_id') then 'schema_fix.room_uuid(%1$I::text)'
        when wanted_type = 'uuid'::regtype then 'schema_fix.user_uuid(%1$I::text)'
        when wanted_type = 'timestamptz'::regtype and (typcategory <> 'D' or typname in ('time', 'timetz')) then 'schema_fix.time_of(%1$I::text)'
        -- What the application wrote there was a string to it, and is read as the same.
        when wanted_type = 'text'::regtype and typname = 'json' then format(
            'case when %%1$I::text ~ %1$L then regexp_replace(%%1$I::text, %1$L, %2$L, ''g'')::jsonb #>> ''{}''
                else coalesce(%%1$I #>> ''{}'', %%1$I::text) end',
            schema_fix.zero_in_json(), '\1\\\\u0000'
        )
        when wanted_type = 'text'::regtype and typname = 'jsonb' then 'coalesce(%1$I #>> ''{}'', %1$I::text)'
        else '%1$I::' || wanted_type
    end
    from pg_type
    where oid = type_id
$$;

-- The same for a column of a table.
create function schema_fix.conversion_template(target regclass, source name, wanted name, wanted_type regtype) returns text
language sql
stable
as $$
    select schema_fix.conversion_from(atttypid, wanted, wanted_type)
    from pg_attribute
    where attrelid = target
        and attname = source
$$;

-- The expression itself.
create function schema_fix.conversion(target regclass, source name, wanted name, wanted_type regtype) returns text
language sql
stable
as $$
    select format(schema_fix.conversion_template(target, source, wanted, wanted_type), source)
$$;

-- A condition that the keys of a table let a value into one of its columns. Where the other table does not show us its
-- rows, the key itself has to say no: to us everybody would be unknown.
create function schema_fix.passes_foreign_keys(target regclass, column_name name, value text) returns text
language sql
stable
as $$
    select coalesce(
        string_agg(
            case
                when row_security_active(key.confrelid) or not has_column_privilege(key.confrelid, parent.attnum, 'select')
                    then 'true'
                else format(
                    'exists (select from %s as known where known.%I = %s)', key.confrelid::regclass, parent.attname, value
                )
            end,
            ' and '
        ),
        'true'
    )
    from pg_constraint as key
    join pg_attribute as child
        on child.attrelid = key.conrelid
        and key.conkey = array[child.attnum]
    join pg_attribute as parent
        on parent.attrelid = key.confrelid
        and key.confkey = array[parent.attnum]
    where key.conrelid = target
        and key.contype = 'f'
        and child.attname = column_name
$$;

-- Now, if a column demands a time; else null.
create function schema_fix.time_if_required(target regclass, wanted name) returns timestamptz
language sql
stable
as $$
    select case when attnotnull then now() end from pg_attribute where attrelid = target and attname = wanted
$$;
