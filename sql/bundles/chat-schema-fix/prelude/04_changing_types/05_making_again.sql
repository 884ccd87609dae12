--! Title: Tools that make again what depended on a column, whatever its type is now

-- A body is made again as it was printed. Where it does not suit the new type it is given the columns in the type that they
-- had: a query or a condition is evaluated where the names of its tables mean their rows with those columns, so that
-- nothing in it changes; an expression over one row cannot have a `with`, and gets a cast behind each of those columns. What fits
-- neither way is refused by name.

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
        when kind = 'condition' and body ~ '\mSELECT\M' then format(
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
    cross join lateral (select coalesce(schema_fix.tables_as_before(body, relation, scope), '') as tables) as here
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
        or undefined_column or undefined_table or undefined_object or grouping_error
    then
        return sqlerrm;
end
$$;

-- A piece as it was printed.
create function schema_fix.printed(piece jsonb) returns text
language sql
immutable
return coalesce(piece ->> 'text', concat(piece ->> 'opening', piece ->> 'body', piece ->> 'closing'));

-- Makes a piece again as it was printed. Returns whether that was possible. A view that only compares words with constants stays a view of its
-- table alone, which can be written through, with the rights of whoever does.
create function schema_fix.is_made_again(piece jsonb, scope jsonb) returns boolean
language sql
return case
    when schema_fix.refusal_of(schema_fix.printed(piece)) is null then true
    when piece ->> 'kind' = 'query' and piece ->> 'opening' ~ 'security_invoker=(true|on|1)' then schema_fix.refusal_of(schema_fix.printed(
        piece || jsonb_build_object('body', schema_fix.with_text_constants(piece ->> 'body', scope, true))
    )) is null
    else false
end;

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
            continue when schema_fix.is_made_again(piece, change.scope);
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
