--! Title: Tools that move rows to quarantine

-- The columns that the tables have before anything is changed.
create table schema_fix.former_shapes as
select attrelid as target, max(attnum) as highest
from schema_fix.tables
join pg_attribute
    on attrelid = schema_fix.table_called(table_name)
group by attrelid;

-- Those that were added since: a row that is kept aside is kept as it was, without them.
create function schema_fix.added_columns(target regclass) returns text[]
language sql
stable
as $$
    select array(
        select attribute.attname
        from schema_fix.former_shapes as noted
        join pg_attribute as attribute
            on attribute.attrelid = noted.target
            and attribute.attnum > noted.highest
        where noted.target = added_columns.target
            and not attribute.attisdropped
            and attribute.attgenerated = ''
    )
$$;

-- Copies the rows of a table that meet a condition (on the alias `stray`) to quarantine, as they were.
create function schema_fix.copy_to_quarantine(target regclass, condition text, reason text) returns void
language plpgsql
as $$
begin
    execute format(
        'insert into chat_quarantine.rows (source_table, reason, row_data)'
            ' select %L, %L, schema_fix.as_jsonb(stray) - %L::text[] from %s as stray where %s',
        schema_fix.written_name(target), reason, schema_fix.added_columns(target), target, condition
    );
end
$$;

-- A table as it is named in quarantine.
create function schema_fix.written_name(target regclass) returns text
language sql
stable
as $$
    select format('%s.%s', nspname, relname)
    from pg_class
    join pg_namespace
        on pg_namespace.oid = relnamespace
    where pg_class.oid = target
$$;

-- An index for each key that points at a table and has none, until they are dropped again: each row deleted there would
-- read the whole table behind the key.
create function schema_fix.add_temporary_indexes(target regclass) returns regclass[]
language plpgsql
as $$
declare
    key record;
    lent regclass[] := '{}';
begin
    for key in
        select
            pointer.conrelid::regclass as source,
            relation.relnamespace::regnamespace as schema,
            format('chat_schema_fix_%s', pointer.oid) as index_name,
            quote_ident(attribute.attname) as column_name
        from pg_constraint as pointer
        join pg_class as relation
            on relation.oid = pointer.conrelid
        join pg_attribute as attribute
            on attribute.attrelid = pointer.conrelid
            and attribute.attnum = pointer.conkey[1]
        where pointer.confrelid = target
            and pointer.contype = 'f'
            and pg_has_role(relation.relowner, 'usage')
            and not exists (
                select
                from pg_index as index
                where index.indrelid = pointer.conrelid
                    and index.indisvalid
                    and index.indpred is null
                    and index.indkey[0] = any (pointer.conkey)
            )
    loop
        execute format('create index %I on %s (%s)', key.index_name, key.source, key.column_name);
        lent := lent || format('%s.%I', key.schema, key.index_name)::regclass;
    end loop;
    return lent;
end
$$;

-- Moves the rows of a table that meet a condition (on the alias `stray`) to quarantine, as they were. Rows of other tables that refer
-- to such a row and can do without it stay, without the reference; others would be deleted with it or forbid it, and are moved first.
create function schema_fix.quarantine(target regclass, condition text, reason text) returns bigint
language plpgsql
as $$
declare
    source_table constant text := schema_fix.written_name(target);
    referring record;
    condition_there text;
    strays bigint;
    lent regclass[] := '{}';
    index regclass;
    moved bigint;
begin
    -- Counted, not sought: to find the first of none the planner would look every row up, one by one.
    execute format('select count(*) from %s as stray where %s', target, condition) into strays;
    if strays = 0 then
        return 0;
    end if;

    for referring in
        select
            key.conrelid::regclass as name,
            string_agg(format('stray.%I', child.attname), ', ' order by pair.place) as columns,
            string_agg(format('stray.%I', parent.attname), ', ' order by pair.place) as referenced,
            string_agg(format('%I = null', child.attname), ', ' order by pair.place) as to_null,
            key.confdeltype in ('n', 'd')
            -- mutant: one message without a room, and the room whose last message it is said to be goes with its members
            or (key.confdeltype <> 'c' or key.conrelid in (select table_id from schema_fix.present_tables where holds <> 'messages'))
            and count(*) = 1
            and not bool_or(child.attnotnull)
            and target not in (select table_id from schema_fix.present_tables where holds = 'rooms') as outlives,
            key.confdeltype not in ('n', 'd') as is_set_null_here
        from pg_constraint as key
        cross join lateral unnest(key.conkey, key.confkey) with ordinality as pair (child, parent, place)
        join pg_attribute as child
            on child.attrelid = key.conrelid
            and child.attnum = pair.child
        join pg_attribute as parent
            on parent.attrelid = key.confrelid
            and parent.attnum = pair.parent
        where key.contype = 'f'
            -- mutant: what hangs on a stray row goes down with it
            and key.confrelid = target
        group by key.oid, key.conrelid
    loop
        condition_there := format(
            '(%s) in (select %s from %s as stray where %s)', referring.columns, referring.referenced, target, condition
        );
        if referring.outlives then
            -- The row stays, and its reference is set to null.
            perform schema_fix.copy_to_quarantine(
                referring.name,
                condition_there,
                'referred to a row that was moved to quarantine: a copy of the row, which stays'
            );
            if referring.is_set_null_here then
                perform schema_fix.run_without_triggers(
                    referring.name, format('update %s as stray set %s where %s', referring.name, referring.to_null, condition_there)
                );
            end if;
        elsif referring.name = target then
            -- A reply outlives the message that it answered.
            perform schema_fix.run_without_triggers(
                target,
                format(
                    'update %s as stray set %s where %s and not coalesce((%s), false)',
                    target, referring.to_null, condition_there, condition
                )
            );
        else
            perform schema_fix.quarantine(
                referring.name, condition_there, format('refers to a row of %s that was moved to quarantine', source_table)
            );
        end if;
    end loop;

    if strays > 100 then
        lent := schema_fix.add_temporary_indexes(target);
    end if;
    moved := schema_fix.run_without_triggers(
        target,
        format(
            'with moved as (delete from %s as stray where %s returning stray.*)'
                ' insert into chat_quarantine.rows (source_table, reason, row_data)'
                -- mutant: quarantined rows lose all but their ids
                -- mutant: stray rows are deleted instead of moved to quarantine
                ' select %L, %L, schema_fix.as_jsonb(moved) - %L::text[] from moved',
            target, condition, source_table, reason, schema_fix.added_columns(target)
        )
    );
    foreach index in array lent loop
        execute format('drop index %s', index);
    end loop;
    raise notice '%: % rows moved to quarantine: %', source_table, moved, reason;
    return moved;
end
$$;
