--! Title: Tools that read values and words

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
        when wanted_type = 'text'::regtype and typname in ('json', 'jsonb') then 'coalesce(%1$I #>> ''{}'', %1$I::text)'
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

-- Whether a column holds a value, as it is written as text.
create function schema_fix.is_written(target regclass, column_name name, word text) returns boolean
language plpgsql
stable
as $$
declare
    found boolean;
begin
    execute format('select exists (select from %s where %I::text = $1)', target, column_name) into found using word;
    return found;
end
$$;

-- Columns of members that say without a word who is let in, and that an old policy or a function looks at: noted before they go.
create table schema_fix.flags_asked as
select distinct relation.oid as target, flag.known_as
from schema_fix.tables
join pg_class as relation
    on relation.oid = schema_fix.table_called(table_name)
cross join schema_fix.flags as flag
where holds = 'members'
    and flag.column_name = 'status'
    and (
        exists (
            select
            from pg_policy
            join schema_fix.tables as guarded
                on schema_fix.table_called(guarded.table_name) = polrelid
            where concat_ws(' ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) ~* ('\m' || flag.known_as || '\M')
        )
        or exists (
            select
            from pg_proc
            where pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'schema_fix'::regnamespace)
                and prosrc ~* ('\m' || flag.known_as || '\M')
                and prosrc ~* ('\m' || relation.relname || '\M')
        )
    );

-- An expression that reads what columns without a word say of a membership: blocked, pending, or null. Where there is a word beside
-- them, a column that says who was admitted may never have been filled: it counts if it says no, and yes to somebody, or if the old rules
-- looked at it.
create function schema_fix.flag_of(target regclass) returns text
language sql
stable
as $$
    select format(
        'case when %s then ''blocked'' when %s then ''pending'' end',
        coalesce(string_agg(said.yes, ' or ') filter (where said.means = 'blocked'), 'false'),
        coalesce(
            string_agg(
                case
                    when said.means = 'pending' then said.yes
                    when not said.has_word or said.is_asked then format('(%s) is not true', said.yes)
                    -- mutant: who is not admitted by another column than the status is let in
                    else format('%I is false', said.name)
                end,
                ' or '
            ) filter (where said.means = 'pending' or said.means = 'approved' and (not said.has_word or said.is_asked or said.is_used)),
            'false'
        )
    )
    from (
        select
            flag.means,
            attribute.attname as name,
            format(
                case type.typcategory
                    when 'B' then '%I is true'
                    when 'D' then '%I is not null'
                    when 'N' then '%I <> 0'
                    else 'lower(btrim(%I::text)) not in ('''', ''false'', ''f'', ''no'', ''0'')'
                end,
                attribute.attname
            ) as yes,
            schema_fix.columns_for(target, 'status') <> '{}' as has_word,
            exists (
                select
                from schema_fix.flags_asked as asked
                where asked.target = flag_of.target
                    and lower(replace(asked.known_as, '_', '')) = lower(replace(attribute.attname, '_', ''))
            ) as is_asked,
            type.typcategory = 'B' and schema_fix.is_written(target, attribute.attname, 'true') as is_used
        from (select distinct means from schema_fix.flags where column_name = 'status') as flag
        cross join lateral unnest(schema_fix.flags_for(target, 'status', flag.means)) as found (name)
        join pg_attribute as attribute
            on attribute.attrelid = target
            and attribute.attname = found.name
        join pg_type as type
            on type.oid = attribute.atttypid
            and type.typcategory in ('B', 'D', 'N', 'S')
    ) as said
$$;

-- An expression that reads a membership's status: its word, and what other columns say; of two that contradict each other the one that
-- lets in less. Where nothing says anything, everybody was a member. Who left may ask again.
create function schema_fix.status_of(target regclass) returns text
language sql
stable
as $$
    select case
        when words[1] is not null then format(
            'case
                when %2$s = ''blocked'' then ''blocked''
                when %1$I::text = ''approved'' and %2$s is null then ''approved''
                else coalesce((select means from schema_fix.words'
                ' where column_name = ''status'' and means = ''blocked'' and word = lower(btrim(%1$I::text))), ''pending'')
            end',
            words[1], schema_fix.flag_of(target)
        )
        else format('coalesce(%s, ''approved'')', schema_fix.flag_of(target))
    end
    from schema_fix.columns_for(target, 'status') as words
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
