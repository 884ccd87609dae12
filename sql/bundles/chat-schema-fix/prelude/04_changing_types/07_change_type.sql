--! Title: The tool that changes the type of a column

-- The columns of a table that are computed from one, with the pieces that add each again, and its indexes. Before Postgres 15 the computed
-- column itself depends on the other, afterwards its formula does.
create function schema_fix.columns_computed_from(target regclass, place smallint)
returns table (computed_place smallint, name name, pieces jsonb, indexes jsonb, key name)
language sql
stable
as $$
    select
        attribute.attnum,
        attribute.attname,
        jsonb_build_array(
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
            ),
            schema_fix.statement(
                'comment on column %s.%I is %L', target::text, attribute.attname::text, col_description(target, attribute.attnum)
            )
        ),
        (
            select coalesce(jsonb_agg(listed.piece order by listed.name, listed.place), '[]')
            from (
                select
                    depending.objid::regclass::text as name,
                    said.ordinality as place,
                    said.piece
                from pg_depend as depending
                join pg_index
                    on indexrelid = depending.objid
                cross join lateral unnest(array[
                    schema_fix.statement('%s', pg_get_indexdef(indexrelid)),
                    schema_fix.statement('comment on index %s is %L', indexrelid::regclass::text, obj_description(indexrelid, 'pg_class'))
                ]) with ordinality as said (piece, ordinality)
                where depending.classid = 'pg_class'::regclass
                    and depending.refclassid = 'pg_class'::regclass
                    and depending.refobjid = target
                    and depending.refobjsubid = attribute.attnum
            ) as listed
        ),
        (
            select min(conname)::name
            from pg_constraint
            where conrelid = target
                and contype in ('u', 'p', 'x', 'f')
                and attribute.attnum = any (conkey)
        )
    from pg_attribute as attribute
    join pg_attrdef as formula
        on formula.adrelid = attribute.attrelid
        and formula.adnum = attribute.attnum
    where attribute.attrelid = target
        and attribute.attgenerated = 's'
        and attribute.attnum <> place
        and exists (
            select
            from pg_depend
            where (classid, objid, objsubid) in (
                    ('pg_attrdef'::regclass, formula.oid, 0), ('pg_class'::regclass, target::oid, attribute.attnum)
                )
                and refobjid = target
                and refobjsubid = place
        )
$$;

-- What the type of a column refuses and text does not, as the condition of a check; null if nothing.
create function schema_fix.limit_of(target regclass, column_name name) returns text
language sql
stable
as $$
    select case
        when type.typtype = 'd' then format('%1$I is null or %1$I::%2$s is not null', attribute.attname, type.oid::regtype)
        when type.oid = 'varchar'::regtype and attribute.atttypmod > 4
            then format('char_length(%I) <= %s', attribute.attname, attribute.atttypmod - 4)
    end
    from pg_attribute as attribute
    join pg_type as type
        on type.oid = attribute.atttypid
    where attribute.attrelid = target
        and attribute.attname = column_name
$$;

-- Gives a column another type. What Postgres will not change under (keys, policies, triggers, views) is dropped and created again;
-- the keys and policies of the four tables are left to sections 02 and 08, which create them anyway. Columns that refer to it follow: `template`
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
    former_default constant text := schema_fix.default_as_type(target, column_name, wanted_type);
    former_storage constant text[] := array(select schema_fix.storage_of(target, column_name, wanted_type));
    sources constant smallint[] := array(
        select place
        union
        select computed_place from schema_fix.columns_computed_from(target, place)
    );
    change constant jsonb := jsonb_build_object(
        'target', target::oid,
        'place', place,
        'column_name', column_name,
        'former_type', (select atttypid::regtype from pg_attribute where attrelid = target and attnum = place),
        'wanted_type', wanted_type,
        -- Columns are renamed one after the other, too.
        'names', (
            select jsonb_object_agg(table_id::oid::text, names)
            from schema_fix.present_tables
            cross join lateral (
                select jsonb_object_agg(attnum::text, attname) as names
                from pg_attribute
                where attrelid = table_id
                    and attnum > 0
                    and not attisdropped
            ) as noted
        )
    );
    dependent record;
    hanging record;
    hung jsonb;
    put_back jsonb;
    following text[];
    statement text;
    followed jsonb;
    changes jsonb := '[]';
begin
    if column_name in ('title', 'content') and schema_fix.is_ours(target) then
        insert into schema_fix.limits
        select target, column_name, condition
        from schema_fix.limit_of(target, column_name) as condition
        where condition is not null;
    end if;
    select * into put_back, following from schema_fix.drop_keys_on(target, column_name, wanted_type, template);
    if schema_fix.is_ours(target) then
        perform schema_fix.drop_unique_rules_on(target, place);
    end if;

    -- Whatever else depends on the column: all of it is found before any of it is dropped.
    for dependent in
        select *
        from jsonb_to_recordset((
            select jsonb_agg(reader)
            from (
                select *
                from schema_fix.dependents_of(
                    target,
                    place,
                    array(select view.oid from unnest(sources) as source cross join lateral schema_fix.view_tree(target, source) as view)
                )
                union all
                select * from schema_fix.indexes_of_texts(target, place, wanted_type)
            ) as reader
        )) as reader (removal text, restoring jsonb)
    loop
        execute dependent.removal;
        put_back := put_back || dependent.restoring;
    end loop;

    -- Views over the column or one computed from it, and views over those, the outermost first.
    for dependent in
        select view.name, view.kind, view.pieces
        from unnest(sources) as source
        cross join lateral schema_fix.views_over(target, source) as view
        group by view.name, view.kind, view.pieces
        order by max(view.depth) desc, view.name
    loop
        execute format('drop %s %s', dependent.kind, dependent.name);
        put_back := dependent.pieces || put_back;
    end loop;

    for dependent in select * from schema_fix.columns_computed_from(target, place) loop
        if dependent.key is not null then
            raise exception 'the generated column % of % is in the key %, and depends on a column whose type changes', dependent.name, target,
                dependent.key
                using
                    errcode = 'feature_not_supported',
                    hint = 'Drop that key, run the fix, and add the key again.';
        end if;
        -- Dropping the column takes its checks along, and does not go where a policy, trigger or publication names it.
        hung := '[]';
        for hanging in
            select *
            from jsonb_to_recordset((
                select jsonb_agg(listed) from schema_fix.dependents_of(target, dependent.computed_place, '{}') as listed
            )) as listed (removal text, restoring jsonb)
        loop
            execute hanging.removal;
            hung := hung || hanging.restoring;
        end loop;
        execute format('alter table %s drop column %I', target, dependent.name);
        -- mutant: the index of a computed column is gone
        put_back := dependent.pieces || dependent.indexes || hung || put_back;
    end loop;

    -- A number that counts by itself is none any more.
    execute format('alter table %s alter column %I drop identity if exists', target, column_name);
    execute format(
        'alter table %1$s alter column %2$I drop default, alter column %2$I type %3$s using %4$s',
        target, column_name, wanted_type, coalesce(expression, format(template, column_name))
    );
    perform schema_fix.run_each(former_storage);
    foreach statement in array following loop
        execute statement into followed;
        changes := changes || followed;
    end loop;
    if former_default is not null then
        execute format('alter table %s alter column %I set default %s', target, column_name, former_default);
    end if;
    while put_back <> '[]' and schema_fix.is_made_again(put_back -> 0, jsonb_build_array(change)) loop
        put_back := put_back - 0;
    end loop;
    raise notice '%.%: type changed to %', target, column_name, wanted_type;
    return jsonb_build_array(change || jsonb_build_object('waiting', put_back)) || changes;
end
$$;
