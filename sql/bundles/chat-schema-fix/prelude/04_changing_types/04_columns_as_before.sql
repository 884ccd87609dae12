--! Title: Tools that give an expression the columns as they were

-- The columns of a table that there were when a piece was printed, with the name and, where it changed since, the type that they
-- had, unless that does not take the words there are now. `scope` lists the changes since then, as `change_type` returns them.
create function schema_fix.columns_since(target oid, scope jsonb)
returns table (place smallint, current_name name, former_name name, former_type text, current_type regtype)
language sql
stable
as $$
    select attnum, attname, coalesce(names ->> attnum::text, attname)::name,
        case when schema_fix.takes_our_words((change ->> 'former_type')::regtype) then change ->> 'former_type' end,
        atttypid::regtype
    from pg_attribute
    left join (select scope -> 0 -> 'names' -> target::text as names) as noted
        on true
    left join jsonb_array_elements(scope) as change
        on (change ->> 'target')::oid = attrelid
        and (change ->> 'place')::smallint = attnum
    where attrelid = target
        and attnum > 0
        and not attisdropped
        and (names is null or names ? attnum::text)
$$;

-- A column in the type that it had. A time is the same in every session: in UTC, as the fix read it.
create function schema_fix.in_former_type(column_name text, current_type regtype, former_type text) returns text
language sql
immutable
return case
    when former_type is null then column_name
    when current_type = 'timestamptz'::regtype and former_type = 'timestamp without time zone' then format('timezone(''UTC'', %s)', column_name)
    when current_type = 'timestamptz'::regtype and former_type in ('text', 'character varying') then format(
        '(rtrim(rtrim(to_char(timezone(''UTC'', %s), ''YYYY-MM-DD HH24:MI:SS.US''), ''0''), ''.'') || ''+00'')::%s', column_name, former_type
    )
    else column_name || '::' || former_type
end;

-- Those columns, as a list for `select`.
create function schema_fix.columns_as_before(target oid, scope jsonb) returns text
language sql
stable
as $$
    select string_agg(format('%s as %I', schema_fix.in_former_type(quote_ident(current_name), current_type, former_type), former_name), ', ' order by place)
    from schema_fix.columns_since(target, scope)
$$;

-- A `with` under which the names of tables in public that a body uses mean their rows as before. A policy that read its own table, also
-- in a `with` that nothing asks, would never end.
create function schema_fix.tables_as_before(body text, relation oid, scope jsonb) returns text
language sql
stable
as $$
    select 'with ' || string_agg(
        format('%I as not materialized (select %s from %s)', relname, schema_fix.columns_as_before(oid, scope), oid::regclass), ', '
    ) || ' '
    from pg_class
    where relnamespace = 'public'::regnamespace
        and relkind = 'r'
        and oid is distinct from relation
        and body ~ format('(?<![[:alnum:]_])%s(?![[:alnum:]_])', regexp_replace(quote_ident(relname), '(\W)', '\\\1', 'g'))
        and exists (
            select
            from schema_fix.columns_since(pg_class.oid, scope)
            where former_type is not null
                or former_name <> current_name
        )
$$;

-- A definition that reads the columns of one row, under the names that they have now and with a cast behind those whose type
-- changed. It is read word by word, so that nothing changes in a constant or in another name; a trigger reads them as new.column
-- and old.column, and what an index lists takes no cast. An index cannot cast text to an enumeration: there the constants become
-- text.
create function schema_fix.cast_columns(definition text, kind text, relation oid, scope jsonb) returns text
language sql
stable
as $$
    with words as (
        select place, written[1] as written, ltrim(written[1], E' \n\t') as word
        from regexp_matches(
            definition,
            $pattern$\s*(?:'(?:[^']|'')*'|(?:"(?:[^"]|"")*"|[[:alpha:]_][[:alnum:]_$]*)(?:\.(?:"(?:[^"]|"")*"|[[:alpha:]_][[:alnum:]_$]*))*|[^[:space:]])$pattern$,
            'g'
        ) with ordinality as found (written, place)
    ),
    surroundings as (
        select
            *,
            lag(word, 1, '') over by_place as before,
            lag(word, 3, '') over by_place like '''%' and lag(word, 2, '') over by_place = ':' as is_type_of_constant,
            lead(word, 1, '') over by_place as next,
            sum(case word when '(' then 1 when ')' then -1 else 0 end) over by_place as depth,
            bool_or(word = 'WHERE') over by_place as is_in_predicate
        from words
        window by_place as (order by place)
    ),
    changes as (
        select
            prefix || quote_ident(former_name) as word,
            prefix || quote_ident(current_name) as current_word,
            former_type,
            current_type,
            kind = 'index' and exists (select from pg_type where oid = former_type::regtype and typtype = 'e') as is_enumeration
        from schema_fix.columns_since(relation, scope)
        join unnest(case kind when 'trigger' then array['new.', 'old.'] else array[''] end) as prefix
            on true
        where former_type is not null
            or former_name <> current_name
    )
    select string_agg(
        case
            when is_type_of_constant and exists (select from changes where is_enumeration and former_type = surroundings.word) then 'text'
            when change.word is null or next = '(' or before = ':' then written
            else replace(
                written,
                word,
                schema_fix.in_former_type(
                    change.current_word,
                    change.current_type,
                    case when not (change.is_enumeration or kind = 'index' and depth < 2 and not is_in_predicate) then change.former_type end
                )
            )
        end,
        '' order by place
    )
    from surroundings
    left join changes as change
        using (word)
$$;

-- A body in which constants of enumerations that do not take the words there are now, or of all, are text. Text is in another order: where a
-- constant is compared by it, the body stays as it was, and is refused.
create function schema_fix.with_text_constants(body text, scope jsonb, of_all boolean default false) returns text
language plpgsql
stable
as $$
declare
    type record;
begin
    for type in
        select distinct
            format(
                $pattern$('(?:[^']|'')*')::(?:%s\.)?%s(?![[:alnum:]_])$pattern$,
                regexp_replace(quote_ident(nspname), '(\W)', '\\\1', 'g'),
                regexp_replace(quote_ident(typname), '(\W)', '\\\1', 'g')
            ) as constant
        from jsonb_array_elements(scope) as change
        join pg_type
            on oid = (change ->> 'former_type')::regtype
            and typtype = 'e'
        join pg_namespace as schema
            on schema.oid = typnamespace
        where of_all or not schema_fix.takes_our_words(pg_type.oid)
    loop
        if body !~ ('(^|[^<>])[<>]=?\s*\(?' || type.constant) then
            body := regexp_replace(body, type.constant, '\1::text', 'g');
        end if;
    end loop;
    return body;
end
$$;
