--! Title: Tools that make again what depended on a column, whatever its type is now

-- A body is made again as it was printed. Where it does not suit the new type it is given the columns in the type that they
-- had: a query or a condition is evaluated where the names of its tables mean their rows with those columns, so that
-- nothing in it changes; an expression over one row cannot have a `with`, and gets a cast behind each of those columns. What fits
-- neither way is refused by name.

-- The columns of a table that there were when a piece was printed, with the name and, where it changed since, the type that they
-- had, unless that does not take the words there are now. `scope` lists the changes since then, as `change_type` returns them.
create function schema_fix.columns_since(target oid, scope jsonb)
returns table (place smallint, current_name name, former_name name, former_type text)
language sql
stable
as $$
    select attnum, attname, coalesce(names ->> attnum::text, attname)::name,
        case when schema_fix.takes_our_words((change ->> 'former_type')::regtype) then change ->> 'former_type' end
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

-- Those columns, as a list for `select`.
create function schema_fix.columns_as_before(target oid, scope jsonb) returns text
language sql
stable
as $$
    select string_agg(format('%I%s as %I', current_name, '::' || former_type, former_name), ', ' order by place)
    from schema_fix.columns_since(target, scope)
$$;

-- A `with` under which the names of tables in public mean their rows as before.
create function schema_fix.tables_as_before(scope jsonb) returns text
language sql
stable
as $$
    select 'with ' || string_agg(
        format('%I as not materialized (select %s from %s)', relname, schema_fix.columns_as_before(oid, scope), oid::regclass), ', '
    ) || ' '
    from pg_class
    where relnamespace = 'public'::regnamespace
        and relkind = 'r'
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
            else replace(written, word, change.current_word) || case
                when change.is_enumeration or kind = 'index' and depth < 2 and not is_in_predicate then ''
                else coalesce('::' || change.former_type, '')
            end
        end,
        '' order by place
    )
    from surroundings
    left join changes as change
        using (word)
$$;

-- A body in which constants of enumerations that do not take the words there are now are text. Text is in another order: where a
-- constant is compared by it, the body stays as it was, and is refused.
create function schema_fix.with_text_constants(body text, scope jsonb) returns text
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
        where not schema_fix.takes_our_words(pg_type.oid)
    loop
        if body !~ ('(^|[^<>])[<>]=?\s*\(?' || type.constant) then
            body := regexp_replace(body, type.constant, '\1::text', 'g');
        end if;
    end loop;
    return body;
end
$$;

-- The body of a piece, given the columns as they were.
create function schema_fix.suited(piece jsonb, scope jsonb) returns text
language sql
stable
as $$
    select case
        when kind = 'query' then format('%sselect * from (%s) as answer', tables, body)
        when kind = 'function' and body like 'RETURN %'
            then format('RETURN (%sselect %s)', tables, substr(body, length('RETURN ') + 1))
        -- One statement; with more of them there is no such place.
        when kind = 'function' then format(
            E'BEGIN ATOMIC\n%sselect * from (%s) as answer;\nEND',
            tables,
            rtrim(substr(body, length('BEGIN ATOMIC') + 1, length(body) - length('BEGIN ATOMIC') - length('END')), E'; \n')
        )
        when kind = 'condition' then format(
            '(%sselect %s%s)',
            tables,
            body,
            (
                select format(' from (select %s) as %I', schema_fix.columns_as_before(oid, scope), relname)
                from pg_class
                where oid = relation
                    and oid in (select (change ->> 'target')::oid from jsonb_array_elements(scope) as change)
            )
        )
        else schema_fix.cast_columns(body, kind, relation, scope)
    end
    from jsonb_to_record(
        piece || jsonb_build_object('body', schema_fix.with_text_constants(piece ->> 'body', scope))
    ) as piece (kind text, body text, relation oid)
    cross join lateral (select coalesce(schema_fix.tables_as_before(scope), '') as tables) as here
$$;

-- Executes where the printed bodies mean what they meant. Returns what Postgres says where that does not suit the types there are.
create function schema_fix.refusal_of(statement text) returns text
language plpgsql
set search_path = public, pg_temp
as $$
begin
    execute statement;
    return null;
exception
    when undefined_function or datatype_mismatch or invalid_object_definition or ambiguous_function or cannot_coerce
        or invalid_text_representation or invalid_function_definition or feature_not_supported or syntax_error
        or undefined_column or undefined_table
    then
        return sqlerrm;
end
$$;

-- A piece as it was printed.
create function schema_fix.printed(piece jsonb) returns text
language sql
immutable
return coalesce(piece ->> 'text', concat(piece ->> 'opening', piece ->> 'body', piece ->> 'closing'));

-- Makes a piece again as it was printed. Returns whether that was possible.
create function schema_fix.is_made_again(piece jsonb) returns boolean
language sql
return schema_fix.refusal_of(schema_fix.printed(piece)) is null;

-- Makes again what had to wait until all columns had their types: each in the scope of the changes since it was printed.
create function schema_fix.make_waiting_again(changes jsonb) returns void
language plpgsql
as $$
declare
    change record;
    piece jsonb;
    refusal text;
begin
    for change in
        select
            value ->> 'column_name' as column_name,
            value ->> 'wanted_type' as wanted_type,
            value -> 'waiting' as waiting,
            jsonb_agg(value) over (order by ordinality rows between current row and unbounded following) as scope
        from jsonb_array_elements(changes) with ordinality
        order by ordinality
    loop
        for piece in select * from jsonb_array_elements(change.waiting) loop
            continue when schema_fix.is_made_again(piece);
            refusal := schema_fix.refusal_of(
                coalesce(
                    piece ->> 'text', concat(piece ->> 'opening', schema_fix.suited(piece, change.scope), piece ->> 'closing')
                )
            );
            if refusal is not null then
                raise exception 'column % has the type % now, and this cannot be created again: %',
                    change.column_name, change.wanted_type, schema_fix.printed(piece)
                    using
                        errcode = 'feature_not_supported',
                        detail = refusal,
                        hint = 'Drop what the statement creates, run the fix, and create it again for the new type.';
            end if;
        end loop;
    end loop;
end
$$;
