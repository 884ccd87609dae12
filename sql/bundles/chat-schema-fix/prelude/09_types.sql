--! Title: Tools that change the type of a column

-- The default of a column, as one of another type. A value is written out, so that the former type can be dropped;
-- CURRENT_TIMESTAMP is none.
create function schema_fix.default_as_type(target regclass, column_name name, wanted_type regtype) returns text
language plpgsql
as $$
declare
    expression constant text := (
        select pg_get_expr(given.adbin, given.adrelid)
        from pg_attribute as attribute
        join pg_attrdef as given
            on given.adrelid = attribute.attrelid
            and given.adnum = attribute.attnum
        where attribute.attrelid = target
            and attribute.attname = column_name
            and attribute.attgenerated = ''
    );
    value text;
    type regtype;
begin
    if expression is null then
        return null;
    end if;
    -- Read in the time zone of whoever inserts, a time without a zone would be another one for each.
    if wanted_type = 'timestamptz'::regtype then
        execute 'select pg_typeof(' || expression || ')' into type;
        if type = 'timestamp'::regtype then
            return format('timezone(''UTC'', %s)', expression);
        end if;
    end if;
    if expression ~ '^[''0-9-]' and strpos(expression, '(') = 0 then
        execute 'select (' || expression || ')::text' into value;
        if wanted_type = 'uuid'::regtype then
            value := case
                when column_name in ('id', 'room_id') then schema_fix.room_uuid(value)
                else schema_fix.user_uuid(value)
            end;
        end if;
        return quote_literal(value) || '::' || wanted_type::text;
    end if;
    execute format('select (%s)::%s', expression, wanted_type);
    return format('(%s)::%s', expression, wanted_type);
exception
    when data_exception or cannot_coerce then
        raise notice '%.%: default % dropped; it cannot be cast to %', target, column_name, expression, wanted_type;
        return null;
end
$$;

-- Drops the foreign keys of a column that is to have another type. Section 02 makes those between our own tables;
-- another table's, or one of replies, comes back, and where it points here its own column follows.
create function schema_fix.drop_keys_on(
    target regclass, column_name name, wanted_type regtype, template text, out restoring jsonb, out following text[]
)
language plpgsql
as $$
declare
    place constant smallint := schema_fix.place_of(target, column_name);
    is_domain constant boolean := exists (
        select
        from pg_attribute
        join pg_type as type
            on type.oid = atttypid
        where attrelid = target
            and attnum = place
            and type.typbasetype = wanted_type
    );
    key record;
begin
    restoring := '[]';
    following := '{}';
    for key in
        select
            conname as name,
            conrelid::regclass as source,
            case
                when confrelid = target and confkey = array[place] and pg_has_role(relowner, 'usage') then (
                    select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]
                )
            end as pointer,
            format(
                'alter table %s add constraint %I %s',
                conrelid::regclass, conname, pg_get_constraintdef(made.oid)
            ) as definition,
            -- The first generation keeps its ids as they are written; nobody adds to its tables any more (section 11).
            not (
                relation.relnamespace = 'public'::regnamespace
                and relation.relname in (select table_name from schema_fix.tables)
            ) as is_of_others
        from pg_constraint as made
        join pg_class as relation
            on relation.oid = made.conrelid
        where contype = 'f'
            and ((conrelid = target and place = any (conkey)) or (confrelid = target and place = any (confkey)))
    loop
        if is_domain then
            restoring := restoring || jsonb_build_object('text', key.definition);
        elsif key.pointer is not null and (key.source = target or key.is_of_others) then
            restoring := restoring || jsonb_build_object('text', key.definition);
            following := following || format(
                'select schema_fix.change_type(%L, %L, %L, %L)',
                key.source,
                key.pointer,
                wanted_type,
                template
            );
        elsif key.is_of_others or (key.source = target and column_name <> 'room_id') then
            raise exception 'cannot change the type of %.% (%): foreign key % depends on it', target, column_name,
                (
                    select format_type(atttypid, atttypmod)
                    from pg_attribute
                    where attrelid = target
                        and attnum = place
                ),
                key.name
                using
                    errcode = 'feature_not_supported',
                    hint = 'Drop that foreign key, or change the type of both its columns to uuid; then run the fix again.';
        end if;
        execute format('alter table %s drop constraint %I', key.source, key.name);
    end loop;
end
$$;

-- Drops the unique indexes on who is in which room before ids change their type: one id written in two ways is there twice.
-- Section 02 finds out and adds the key of a membership again.
create function schema_fix.drop_unique_rules_on(target regclass, place smallint) returns void
language plpgsql
as $$
declare
    rule regclass;
begin
    for rule in
        select indexrelid
        from pg_index
        where indrelid = target
            and indisunique
            and place = any (indkey)
            and array[schema_fix.place_of(target, 'room_id'), schema_fix.place_of(target, 'user_id')] @> indkey::smallint[]
    loop
        perform schema_fix.drop_index(rule);
    end loop;
end
$$;

-- Gives a column another type. What Postgres will not change under (keys, policies, triggers, views) is taken off and put back;
-- our own keys and policies are left to sections 02 and 08, which make them anyway. Columns that refer to it follow: `template`
-- converts them, with %1$I for their names. A join of two columns may have to wait for the other's type: returns the changes,
-- each with what waits.
create function schema_fix.change_type(
    target regclass, column_name name, wanted_type regtype, template text, expression text default null
) returns jsonb
language plpgsql
set check_function_bodies = off
as $$
declare
    place constant smallint := schema_fix.place_of(target, column_name);
    former_type constant regtype := (
        select atttypid from pg_attribute where attrelid = target and attname = column_name
    );
    former_default constant text := schema_fix.default_as_type(target, column_name, wanted_type);
    -- Before Postgres 15 the computed column itself depends on the other, afterwards its formula does.
    computed constant smallint[] := array(
        select attribute.attnum
        from pg_attribute as attribute
        join pg_attrdef as formula
            on formula.adrelid = attribute.attrelid
            and formula.adnum = attribute.attnum
        join pg_depend as dependency
            on (dependency.classid, dependency.objid, dependency.objsubid) in (
                ('pg_attrdef'::regclass, formula.oid, 0),
                ('pg_class'::regclass, target, attribute.attnum)
            )
            and dependency.refobjid = target
            and dependency.refobjsubid = place
        where attribute.attrelid = target
            and attribute.attgenerated = 's'
            and attribute.attnum <> place
    );
    views constant oid[] := array(
        select view.oid
        from unnest(place || computed) as source (place)
        cross join lateral schema_fix.view_tree(target, source.place) as view
    );
    dependent record;
    change constant jsonb := jsonb_build_object(
        'target', target::oid,
        'place', place,
        'column_name', column_name,
        'former_type', former_type,
        'wanted_type', wanted_type,
        -- Columns are given their names one after the other, too.
        'names', (
            select jsonb_object_agg(attrelid::text, names)
            from (
                select attrelid, jsonb_object_agg(attnum::text, attname) as names
                from pg_attribute
                join pg_class
                    on pg_class.oid = attrelid
                    and relnamespace = 'public'::regnamespace
                    and relname in (select table_name from schema_fix.tables)
                where attnum > 0
                    and not attisdropped
                group by attrelid
            ) as noted
        )
    );
    put_back jsonb;
    following text[];
    statement text;
    followed jsonb;
    changes jsonb := '[]';
begin
    select * into put_back, following from schema_fix.drop_keys_on(target, column_name, wanted_type, template);
    if schema_fix.is_ours(target) then
        perform schema_fix.drop_unique_rules_on(target, place);
    end if;

    -- Whatever else depends on the column: all of it is found before the first goes.
    for dependent in
        select *
        from jsonb_to_recordset(
            (select jsonb_agg(reader) from schema_fix.dependents_of(target, place, views) as reader)
        ) as reader (removal text, restoring jsonb)
    loop
        execute dependent.removal;
        put_back := put_back || dependent.restoring;
    end loop;

    -- Views over the column or one computed from it, and views over those, the outermost first.
    for dependent in
        select view.name, view.pieces
        from (
            select place
            union
            select unnest(computed)
        ) as source (place)
        cross join lateral schema_fix.views_over(target, source.place) as view
        group by view.name, view.pieces
        order by max(view.depth) desc, view.name
    loop
        execute format('drop view %s', dependent.name);
        put_back := dependent.pieces || put_back;
    end loop;

    -- Columns computed from it.
    for dependent in
        select
            attribute.attname as name,
            jsonb_build_object(
                'opening',
                format(
                    'alter table %s add column %I %s generated always as (',
                    target, attribute.attname, format_type(attribute.atttypid, attribute.atttypmod)
                ),
                'kind', 'row',
                'body', pg_get_expr(formula.adbin, target),
                'relation', target::oid,
                'closing', ') stored' || case when attribute.attnotnull then ' not null' else '' end
            ) as piece,
            exists (
                select from pg_index where indrelid = target and attribute.attnum = any (indkey)
            ) as is_indexed
        from pg_attribute as attribute
        join pg_attrdef as formula
            on formula.adrelid = attribute.attrelid
            and formula.adnum = attribute.attnum
        where attribute.attrelid = target
            and attribute.attnum = any (computed)
    loop
        if dependent.is_indexed then
            raise exception 'cannot change the type of %.%: generated column % depends on it and has an index', target, column_name,
                dependent.name
                using
                    errcode = 'feature_not_supported',
                    hint = 'Drop the generated column, run the fix, and add the column again.';
        end if;
        execute format('alter table %s drop column %I', target, dependent.name);
        put_back := jsonb_build_array(dependent.piece) || put_back;
    end loop;

    execute format(
        'alter table %1$s alter column %2$I drop default, alter column %2$I type %3$s using %4$s',
        target, column_name, wanted_type, coalesce(expression, format(template, column_name))
    );
    foreach statement in array following loop
        execute statement into followed;
        changes := changes || followed;
    end loop;
    if former_default is not null then
        execute format('alter table %s alter column %I set default %s', target, column_name, former_default);
    end if;
    while put_back <> '[]' and schema_fix.is_made_again(put_back -> 0) loop
        put_back := put_back - 0;
    end loop;
    raise notice '%.%: type changed to %', target, column_name, wanted_type;
    return jsonb_build_array(change || jsonb_build_object('waiting', put_back)) || changes;
end
$$;
