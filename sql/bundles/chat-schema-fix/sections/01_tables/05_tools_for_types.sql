--! Title: Tools that change a column's type

-- Tool: the default of a column, as one of another type. A value is written out, so that the former type can be dropped;
-- CURRENT_TIMESTAMP is none.
create or replace function chat_quarantine.default_as(target regclass, column_name name, wanted_type regtype) returns text
language plpgsql
set search_path = ''
as $$
declare
    expression constant text := (
        select pg_catalog.pg_get_expr(given.adbin, given.adrelid)
        from pg_catalog.pg_attribute as attribute
        join pg_catalog.pg_attrdef as given
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
    if wanted_type = 'timestamptz'::pg_catalog.regtype then
        execute 'select pg_catalog.pg_typeof(' || expression || ')' into type;
        if type = 'timestamp'::pg_catalog.regtype then
            return pg_catalog.format('pg_catalog.timezone(''UTC'', %s)', expression);
        end if;
    end if;
    if expression ~ '^[''0-9-]' and pg_catalog.strpos(expression, '(') = 0 then
        execute 'select (' || expression || ')::text' into value;
        if wanted_type = 'uuid'::pg_catalog.regtype then
            value := case
                when column_name in ('id', 'room_id') then chat_quarantine.room_uuid(value)
                else chat_quarantine.user_uuid(value)
            end;
        end if;
        return pg_catalog.quote_literal(value) || '::' || wanted_type::text;
    end if;
    execute pg_catalog.format('select (%s)::%s', expression, wanted_type);
    return pg_catalog.format('(%s)::%s', expression, wanted_type);
exception
    when data_exception or cannot_coerce then
        raise notice '%.%: its default % is no %', target, column_name, expression, wanted_type;
        return null;
end
$$;

-- Tool: drop the foreign keys of a column that is to have another type. Those between our own tables are section 2's to make;
-- another table's, or one of replies, comes back, and where it points here its own column follows.
create or replace function chat_quarantine.drop_keys_on(
    target regclass, column_name name, wanted_type regtype, conversion text, out restoring text[], out following text[]
)
language plpgsql
set search_path = ''
as $$
declare
    place constant smallint := (
        select attnum from pg_catalog.pg_attribute where attrelid = target and attname = column_name
    );
    is_domain constant boolean := exists (
        select
        from pg_catalog.pg_attribute
        join pg_catalog.pg_type as type
            on type.oid = atttypid
        where attrelid = target
            and attnum = place
            and type.typbasetype = wanted_type
    );
    key record;
begin
    restoring := '{}';
    following := '{}';
    for key in
        select
            conname as name,
            conrelid::pg_catalog.regclass as source,
            case
                when confrelid = target and confkey = array[place] and pg_catalog.pg_has_role(relowner, 'usage') then (
                    select attname from pg_catalog.pg_attribute where attrelid = conrelid and attnum = conkey[1]
                )
            end as pointer,
            pg_catalog.format(
                'alter table %s add constraint %I %s',
                conrelid::pg_catalog.regclass, conname, pg_catalog.pg_get_constraintdef(made.oid)
            ) as definition,
            -- The first generation keeps its ids as they are written; nobody adds to its tables any more (section 11).
            not (
                chat_quarantine.is_ours(conrelid)
                or relation.relnamespace = 'public'::pg_catalog.regnamespace
                and relation.relname in ('rooms', 'conversation_participants')
            ) as is_of_others
        from pg_catalog.pg_constraint as made
        join pg_catalog.pg_class as relation
            on relation.oid = made.conrelid
        where contype = 'f'
            and ((conrelid = target and place = any (conkey)) or (confrelid = target and place = any (confkey)))
    loop
        if is_domain then
            restoring := restoring || key.definition;
        elsif key.pointer is not null and (key.source = target or key.is_of_others) then
            restoring := restoring || key.definition;
            following := following || pg_catalog.format(
                'select chat_quarantine.retype(%L, %L, %L, %L)',
                key.source,
                key.pointer,
                wanted_type,
                pg_catalog.regexp_replace(conversion, '\m' || column_name || '\M', pg_catalog.quote_ident(key.pointer), 'g')
            );
        elsif key.is_of_others or (key.source = target and column_name <> 'room_id') then
            raise exception '%.% is % and the foreign key % depends on it', target, column_name,
                (
                    select pg_catalog.format_type(atttypid, atttypmod)
                    from pg_catalog.pg_attribute
                    where attrelid = target
                        and attnum = place
                ),
                key.name
                using
                    errcode = 'feature_not_supported',
                    hint = 'Drop that key or change the type of both its columns to uuid; then run the fix again.';
        end if;
        execute pg_catalog.format('alter table %s drop constraint %I', key.source, key.name);
    end loop;
end
$$;

-- Tool: drop the unique rules about who is in which room before ids change their type: one id written in two ways is there
-- twice. Section 2 finds out and makes the key of a membership anew.
create or replace function chat_quarantine.drop_unique_rules_on(target regclass, place smallint) returns void
language plpgsql
set search_path = ''
as $$
declare
    rule record;
begin
    for rule in
        select index.indexrelid::pg_catalog.regclass as name, made.conname as constraint_name
        from pg_catalog.pg_index as index
        left join pg_catalog.pg_constraint as made
            on made.conindid = index.indexrelid
            and made.contype in ('p', 'u')
        where index.indrelid = target
            and index.indisunique
            and place = any (index.indkey)
            and array(select attnum from pg_catalog.pg_attribute where attrelid = target and attname in ('room_id', 'user_id'))
                @> index.indkey::smallint[]
    loop
        if rule.constraint_name is null then
            execute pg_catalog.format('drop index %s', rule.name);
        else
            execute pg_catalog.format('alter table %s drop constraint %I', target, rule.constraint_name);
        end if;
    end loop;
end
$$;

-- Tool: give a column another type. What Postgres will not change under (keys, policies, triggers, views) is taken off
-- and put back as it was; our own keys and policies are left to sections 2 and 8, which make them anyway.
-- A join of two columns may have to wait for the other's type: returns the changes and what waits.
create or replace function chat_quarantine.retype(
    target regclass, column_name name, wanted_type regtype, conversion text
) returns jsonb
language plpgsql
set search_path = ''
set check_function_bodies = off
as $$
declare
    place constant smallint := (
        select attnum from pg_catalog.pg_attribute where attrelid = target and attname = column_name
    );
    former_type constant regtype := (
        select atttypid from pg_catalog.pg_attribute where attrelid = target and attname = column_name
    );
    former_default constant text := chat_quarantine.default_as(target, column_name, wanted_type);
    -- Before Postgres 15 the computed column itself depends on the other, afterwards its formula does.
    computed constant smallint[] := array(
        select attribute.attnum
        from pg_catalog.pg_attribute as attribute
        join pg_catalog.pg_attrdef as formula
            on formula.adrelid = attribute.attrelid
            and formula.adnum = attribute.attnum
        join pg_catalog.pg_depend as dependency
            on (dependency.classid, dependency.objid, dependency.objsubid) in (
                ('pg_catalog.pg_attrdef'::pg_catalog.regclass, formula.oid, 0),
                ('pg_catalog.pg_class'::pg_catalog.regclass, target, attribute.attnum)
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
        cross join lateral chat_quarantine.view_tree(target, source.place) as view
    );
    dependent record;
    change constant jsonb := pg_catalog.jsonb_build_object(
        'column_name', column_name, 'former_type', former_type, 'wanted_type', wanted_type
    );
    put_back text[];
    following text[];
    statement text;
    followed jsonb;
    changes jsonb := '[]';
begin
    select * into put_back, following from chat_quarantine.drop_keys_on(target, column_name, wanted_type, conversion);
    if chat_quarantine.is_ours(target) then
        perform chat_quarantine.drop_unique_rules_on(target, place);
    end if;

    -- Whatever else reads the column: all of it is found before the first goes.
    for dependent in
        select *
        from pg_catalog.jsonb_to_recordset(
            (select pg_catalog.jsonb_agg(reading) from chat_quarantine.readers_of(target, place, views) as reading)
        ) as reader (removal text, restoring text[])
    loop
        execute dependent.removal;
        put_back := put_back || dependent.restoring;
    end loop;

    -- Views over the column or one computed from it, and views over those, the outermost first.
    for dependent in
        select view.name, view.definition
        from (
            select place
            union
            select unnest(computed)
        ) as source (place)
        cross join lateral chat_quarantine.views_over(target, source.place) as view
        group by view.name, view.definition
        order by pg_catalog.max(view.depth) desc, view.name
    loop
        execute pg_catalog.format('drop view %s', dependent.name);
        put_back := dependent.definition || put_back;
    end loop;

    -- Columns computed from it.
    for dependent in
        select
            attribute.attname as name,
            pg_catalog.format(
                'alter table %s add column %I %s generated always as (%s) stored%s',
                target,
                attribute.attname,
                pg_catalog.format_type(attribute.atttypid, attribute.atttypmod),
                pg_catalog.pg_get_expr(formula.adbin, target),
                case when attribute.attnotnull then ' not null' else '' end
            ) as definition,
            exists (
                select from pg_catalog.pg_index where indrelid = target and attribute.attnum = any (indkey)
            ) as is_indexed
        from pg_catalog.pg_attribute as attribute
        join pg_catalog.pg_attrdef as formula
            on formula.adrelid = attribute.attrelid
            and formula.adnum = attribute.attnum
        where attribute.attrelid = target
            and attribute.attnum = any (computed)
    loop
        if dependent.is_indexed then
            raise exception 'the type of %.% has to change, and % is computed from it and indexed', target, column_name,
                dependent.name
                using
                    errcode = 'feature_not_supported',
                    hint = 'Drop that column, run the fix, and make it again.';
        end if;
        execute pg_catalog.format('alter table %s drop column %I', target, dependent.name);
        put_back := dependent.definition || put_back;
    end loop;

    execute pg_catalog.format(
        'alter table %1$s alter column %2$I drop default, alter column %2$I type %3$s using %4$s',
        target, column_name, wanted_type, conversion
    );
    foreach statement in array following loop
        execute statement into followed;
        changes := changes || followed;
    end loop;
    if former_default is not null then
        execute pg_catalog.format('alter table %s alter column %I set default %s', target, column_name, former_default);
    end if;
    while put_back <> '{}' and chat_quarantine.remade(put_back[1], wanted_type, pg_catalog.jsonb_build_array(change) || changes) loop
        put_back := put_back[2:];
    end loop;
    raise notice '%.% is now %', target, column_name, wanted_type;
    return pg_catalog.jsonb_build_array(change || pg_catalog.jsonb_build_object('waiting', put_back)) || changes;
end
$$;

-- Tool: a time written as text, or null if it is none. A long number counts seconds since 1970, or milliseconds.
create or replace function chat_quarantine.time_of(written text) returns timestamptz
language plpgsql
stable
as $$
begin
    if written ~ '^\s*\d{9,13}(\.\d+)?\s*$' then
        return pg_catalog.to_timestamp(written::numeric / case when written::numeric < 100000000000 then 1 else 1000 end);
    end if;
    return nullif(pg_catalog.btrim(written), '')::timestamptz;
exception
    when invalid_datetime_format or datetime_field_overflow then
        return null;
end
$$;

-- Tool: a column as an expression of the type that another one is to have.
create or replace function chat_quarantine.conversion(
    target regclass, source name, wanted name, wanted_type regtype
) returns text
language sql
stable
set search_path = ''
as $$
    select pg_catalog.format(
        case
            when wanted_type = 'uuid'::pg_catalog.regtype and wanted in ('id', 'room_id') then 'chat_quarantine.room_uuid(%1$I::text)'
            when wanted_type = 'uuid'::pg_catalog.regtype then 'chat_quarantine.user_uuid(%1$I::text)'
            when wanted_type = 'timestamptz'::pg_catalog.regtype and type.typcategory <> 'D'
                then 'chat_quarantine.time_of(%1$I::text)'
            -- What the application wrote there was a string to it, and is read as the same.
            when wanted_type = 'text'::pg_catalog.regtype and type.typname in ('json', 'jsonb') then 'coalesce(%1$I #>> ''{}'', %1$I::text)'
            else '%1$I::%2$s'
        end,
        source,
        wanted_type
    )
    from pg_catalog.pg_attribute as attribute
    join pg_catalog.pg_type as type
        on type.oid = attribute.atttypid
    where attribute.attrelid = target
        and attribute.attname = source
$$;

-- Tool: a query for the ids of all rooms there are.
create or replace function chat_quarantine.ids_of_rooms() returns text
language sql
stable
set search_path = ''
as $$
    select pg_catalog.string_agg(
        pg_catalog.format('select chat_quarantine.room_uuid(id::text) from %s', oid::pg_catalog.regclass), ' union all '
    )
    from pg_catalog.pg_class
    where oid in (pg_catalog.to_regclass('public.chat_rooms'), pg_catalog.to_regclass('public.rooms'))
        and chat_quarantine.has_column(oid, 'id')
$$;

-- Tool: where room_id is a mere word, and no room's, an older column that names a room knows better.
create or replace function chat_quarantine.prefer_known_rooms(target regclass, older_names name[]) returns void
language plpgsql
set search_path = ''
as $$
declare
    rooms constant text := chat_quarantine.ids_of_rooms();
    type constant regtype := (select atttypid from pg_catalog.pg_attribute where attrelid = target and attname = 'room_id');
    older name;
    wrong text;
    is_wrong boolean;
begin
    foreach older in array case when type in ('text'::regtype, 'character varying'::regtype) then older_names else '{}' end loop
        wrong := pg_catalog.format(
            'chat_quarantine.user_uuid(room_id::text) is null and chat_quarantine.room_uuid(room_id::text) not in (%2$s)'
                ' and chat_quarantine.room_uuid(%1$I::text) in (%2$s)',
            older, rooms
        );
        execute pg_catalog.format('select exists (select from %s where %s)', target, wrong) into is_wrong;
        if is_wrong then
            perform chat_quarantine.change(
                target,
                pg_catalog.format('update %s set room_id = %I::text where %s', target, older, wrong)
            );
        end if;
    end loop;
end
$$;

-- Tool: before a column of text becomes one of ids or times, set aside, as they are written, the rows that would lose by it.
create or replace function chat_quarantine.set_aside_unreadable(
    target regclass, column_name name, wanted_type regtype, readable text
) returns void
language plpgsql
set search_path = ''
as $$
declare
    rooms constant text := chat_quarantine.ids_of_rooms();
    is_unreadable constant text := pg_catalog.format(
        '%I is not null and %s is null', column_name, chat_quarantine.conversion(target, column_name, column_name, wanted_type)
    );
    is_ambiguous boolean;
begin
    if column_name = 'id' then
        -- Two rooms would become one, and the people of each would read the other's messages.
        execute pg_catalog.format(
            'select exists (
                select from %s group by chat_quarantine.room_uuid(id::text) having pg_catalog.count(distinct id::text) > 1
            )',
            target
        ) into is_ambiguous;
        if is_ambiguous then
            raise exception 'two rooms of % have the same id, written differently', target
                using
                    errcode = 'unique_violation',
                    hint = 'Give one of them another id, there and in its messages and members; then run the fix again.';
        end if;
    elsif column_name = 'room_id' then
        perform chat_quarantine.set_aside(
            target,
            pg_catalog.format('chat_quarantine.room_uuid(stray.room_id::text) not in (%s)', rooms),
            'its room does not exist'
        );
    else
        if column_name in ('sender', 'user_id') then
            perform chat_quarantine.set_aside(
                target, pg_catalog.format('%I is not null and %s is null', column_name, readable), column_name || ' is not the id of a user'
            );
        end if;
        execute pg_catalog.format(
            'insert into chat_quarantine.rows (source_table, reason, row_data)'
                ' select %L, %L, pg_catalog.to_jsonb(stray) from %s as stray where %s',
            'public.' || (select relname from pg_catalog.pg_class where oid = target),
            pg_catalog.format('%s is no %s: a copy of the row, which stays without it', column_name, wanted_type),
            target,
            is_unreadable
        );
    end if;
end
$$;
