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
    -- A time without a zone would be read in the time zone of each session that inserts.
    if wanted_type = 'timestamptz'::regtype then
        execute 'select pg_typeof(' || expression || ')' into type;
        if type = 'timestamp'::regtype then
            return format('timezone(''UTC'', %s)', expression);
        end if;
        -- A text that is written when a row is inserted would be read again as each session reads dates.
        if type in ('text'::regtype, 'varchar'::regtype) and expression ~ '\(|CURRENT|LOCAL' then
            raise notice '%.%: default % replaced by now()', target, column_name, expression;
            return 'now()';
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

-- How long values of a column are stored and packed, if somebody said so and the type that it is to have can be. Postgres forgets it with the type.
create function schema_fix.storage_of(target regclass, column_name name, wanted_type regtype) returns setof text
language sql
stable
as $$
    select format('alter table %s alter column %I set %s', target, column_name, said.clause)
    from pg_attribute as attribute
    join pg_type as former
        on former.oid = attribute.atttypid
    join pg_type as wanted
        on wanted.oid = wanted_type
        and wanted.typstorage <> 'p'
    cross join lateral (values
        (
            'storage ' || case attribute.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end,
            attribute.attstorage <> former.typstorage
        ),
        ('compression ' || case attribute.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end, attribute.attcompression <> '')
    ) as said (clause, is_said)
    where attribute.attrelid = target
        and attribute.attname = storage_of.column_name
        and said.is_said
$$;

-- The indexes on a column as texts are ordered, by an operator class (Django makes one of `text_pattern_ops`) or a collation, where it is no text any
-- more: they are made again in the order of the new type.
create function schema_fix.indexes_of_texts(target regclass, place smallint, wanted_type regtype) returns table (removal text, restoring jsonb)
language sql
stable
as $$
    select
        format('drop index %s', index.indexrelid::regclass),
        jsonb_build_array(
            schema_fix.statement(
                '%s',
                regexp_replace(
                    pg_get_indexdef(index.indexrelid),
                    format('([(]|, )(%s)( COLLATE [[:alnum:]_."-]+)?( [[:alnum:]_."]+_ops)?', regexp_replace(quote_ident(attribute.attname), '(\W)', '\\\1', 'g')),
                    '\1\2', 'g'
                )
            ),
            schema_fix.statement('comment on index %s is %L', index.indexrelid::regclass::text, obj_description(index.indexrelid, 'pg_class'))
        )
    from pg_index as index
    join pg_attribute as attribute
        on attribute.attrelid = index.indrelid
        and attribute.attnum = place
    where index.indrelid = target
        and index.indpred is null
        and index.indexprs is null
        and (select typcategory from pg_type where oid = wanted_type) <> 'S'
        and not exists (select from pg_constraint where conindid = index.indexrelid)
        and exists (
            select
            from unnest(index.indkey::smallint[], index.indclass::oid[], index.indcollation::oid[]) as key (attnum, class, sorted_by)
            join pg_opclass
                on pg_opclass.oid = key.class
            where key.attnum = place
                and (not opcdefault or key.sorted_by not in (0, attribute.attcollation))
        )
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
    former_type constant text := (
        select format_type(atttypid, atttypmod) from pg_attribute where attrelid = target and attnum = place
    );
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
            schema_fix.statement(
                'alter table %s add constraint %I %s', conrelid::regclass::text, conname::text, pg_get_constraintdef(made.oid)
            ) as piece,
            -- The tables of the first generation keep their ids as they are written (section 11). A column of ours that the fix does not know is
            -- the project's: the last message of a room.
            conrelid::regclass not in (select table_id from schema_fix.present_tables)
                or schema_fix.is_ours(conrelid)
                and conrelid <> target
                and not exists (
                    select
                    from schema_fix.columns_found as known
                    where known.target = conrelid
                        and schema_fix.place_of(conrelid, known.column_name) = any (conkey)
                ) as is_of_others
        from pg_constraint as made
        join pg_class as relation
            on relation.oid = made.conrelid
        where contype = 'f'
            and ((conrelid = target and place = any (conkey)) or (confrelid = target and place = any (confkey)))
    loop
        if is_domain then
            restoring := restoring || key.piece;
        elsif key.pointer is not null and (key.source = target or key.is_of_others) then
            restoring := restoring || key.piece;
            following := following || format(
                'select schema_fix.change_type(%L, %L, %L, %L)', key.source, key.pointer, wanted_type, template
            );
        elsif key.is_of_others or (key.source = target and column_name <> 'room_id') then
            raise exception 'the foreign key % of % keeps a column of % from becoming %', key.name, key.source, former_type, wanted_type
                using
                    errcode = 'feature_not_supported',
                    hint = 'Drop that foreign key, or change the type of both its columns to uuid; then run the fix again.';
        end if;
        execute format('alter table %s drop constraint %I', key.source, key.name);
    end loop;
end
$$;

-- Drops the unique indexes on memberships before ids change their type: one id written in two ways would violate them. Section 02
-- finds such rows and adds the key again.
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
