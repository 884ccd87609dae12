--! Title: Tools that change rows and set them aside

-- Tool: whether a table has a column.
create or replace function chat_quarantine.has_column(target regclass, column_name name) returns boolean
language sql
stable
set search_path = ''
as $$
    select exists (
        select
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = target
            and attribute.attname = column_name
            and not attribute.attisdropped
    )
$$;

-- Tool: a table, or null where there is none, or something else of its name.
create or replace function chat_quarantine.table_called(name text) returns regclass
language sql
stable
set search_path = ''
as $$
    select oid::regclass
    from pg_catalog.pg_class
    where oid = pg_catalog.to_regclass(name)
        and relkind = 'r'
$$;

-- Tool: the columns of a table that bear one of some names, however each is spelled (`sender_id`, `senderId`), in that order.
create or replace function chat_quarantine.columns_called(target regclass, names name[]) returns name[]
language sql
stable
set search_path = ''
as $$
    select array(
        select attribute.attname
        from unnest(names) with ordinality as wanted (name, place)
        join pg_catalog.pg_attribute as attribute
            on pg_catalog.lower(pg_catalog.replace(attribute.attname, '_', ''))
                = pg_catalog.lower(pg_catalog.replace(wanted.name, '_', ''))
        where attribute.attrelid = target
            and attribute.attnum > 0
            and not attribute.attisdropped
        order by wanted.place, attribute.attname <> wanted.name, attribute.attname
    )
$$;

-- Tool: a user's id written as text, or null if it is none.
create or replace function chat_quarantine.user_uuid(written text) returns uuid
language sql
immutable
as $$
    select case
        when pg_catalog.btrim(written) ~* '^(([0-9a-f]{4}-?){7}[0-9a-f]{4}|\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\})$'
            then pg_catalog.btrim(written)::uuid
    end
$$;

-- Tool: a room's id written as text. One that is no uuid (`lobby`) becomes one, the same wherever it is written.
create or replace function chat_quarantine.room_uuid(written text) returns uuid
language sql
immutable
as $$
    select coalesce(chat_quarantine.user_uuid(written), pg_catalog.md5('chat room ' || written)::uuid)
$$;

-- Tool: how a trigger or rule fires, as `alter table` is told.
create or replace function chat_quarantine.firing(state "char") returns text
language sql
immutable
as $$
    select case state when 'D' then 'disable' when 'A' then 'enable always' when 'R' then 'enable replica' else 'enable' end
$$;

-- Tool: change rows without firing the triggers and rules of others, which are left exactly as they were found.
create or replace function chat_quarantine.change(target regclass, statement text) returns bigint
language plpgsql
set search_path = ''
as $$
declare
    -- The table, and those that its keys empty or change along with it, as far as they are ours to keep quiet.
    touched constant regclass[] := array(
        with recursive reached (oid) as (
            select target::pg_catalog.oid
            union
            select key.conrelid
            from reached
            join pg_catalog.pg_constraint as key
                on key.confrelid = reached.oid
                and key.contype = 'f'
                and (
                    pg_catalog.strpos(statement, 'delete ') > 0 and key.confdeltype in ('c', 'n', 'd')
                    or pg_catalog.strpos(statement, 'update ') > 0 and key.confupdtype = 'c'
                )
        )
        select relation.oid
        from reached
        join pg_catalog.pg_class as relation
            on relation.oid = reached.oid
        where relation.oid = target
            or pg_catalog.pg_has_role(relation.relowner, 'usage')
    );
    pause text;
    resume text;
    identity text;
    follower regclass;
    changed bigint;
begin
    select
        pg_catalog.string_agg(pg_catalog.format('alter table %s disable %s', listener.source, listener.name), '; '),
        pg_catalog.string_agg(
            pg_catalog.format(
                'alter table %s %s %s', listener.source, chat_quarantine.firing(listener.state), listener.name
            ),
            '; '
        )
    into pause, resume
    from (
        select tgrelid::pg_catalog.regclass as source, pg_catalog.format('trigger %I', tgname) as name, tgenabled as state
        from pg_catalog.pg_trigger
        where tgrelid = any (touched)
            and not tgisinternal
            and tgenabled <> 'D'
        union all
        select ev_class::pg_catalog.regclass, pg_catalog.format('rule %I', rulename), ev_enabled
        from pg_catalog.pg_rewrite
        where ev_class = any (touched)
            and ev_enabled <> 'D'
    ) as listener;

    -- A key that never looked at the old rows looks at a row that is changed twice: it waits, and is put back as it was.
    select
        pg_catalog.concat_ws(
            '; ', pause, pg_catalog.string_agg(pg_catalog.format('alter table %s drop constraint %I', target, conname), '; ')
        ),
        pg_catalog.concat_ws(
            '; ',
            resume,
            pg_catalog.string_agg(
                pg_catalog.format(
                    'alter table %1$s add constraint %2$I %3$s; comment on constraint %2$I on %1$s is %4$L',
                    target, conname, pg_catalog.pg_get_constraintdef(oid), pg_catalog.obj_description(oid, 'pg_constraint')
                ),
                '; '
            )
        )
    into pause, resume
    from pg_catalog.pg_constraint
    where conrelid = target
        and contype = 'f'
        and not convalidated;

    -- A published table without a key refuses updates and deletes, unless it is identified by the whole row. One whose
    -- identity went with an index is known by its key henceforth.
    select case relreplident when 'n' then 'nothing' else 'default' end
    into identity
    from pg_catalog.pg_class
    where oid = target
        and (
            relreplident = 'n'
            or (relreplident = 'd' and not exists (select from pg_catalog.pg_index where indrelid = target and indisprimary))
            or (relreplident = 'i' and not exists (select from pg_catalog.pg_index where indrelid = target and indisreplident))
        );
    if found then
        pause := pg_catalog.concat_ws('; ', nullif(pause, ''), pg_catalog.format('alter table %s replica identity full', target));
        resume := pg_catalog.concat_ws('; ', nullif(resume, ''), pg_catalog.format('alter table %s replica identity %s', target, identity));
    end if;

    -- The same for what its keys take along, where that is published.
    for follower in
        select relation.oid
        from pg_catalog.pg_class as relation
        join pg_catalog.pg_namespace as schema
            on schema.oid = relation.relnamespace
        join pg_catalog.pg_publication_tables as published
            on published.schemaname = schema.nspname
            and published.tablename = relation.relname
        where relation.oid = any (touched)
            and relation.oid <> target
            and relation.relreplident = 'd'
            and not exists (select from pg_catalog.pg_index where indrelid = relation.oid and indisprimary)
        group by relation.oid
    loop
        pause := pg_catalog.concat_ws('; ', nullif(pause, ''), pg_catalog.format('alter table %s replica identity full', follower));
        resume := pg_catalog.concat_ws('; ', nullif(resume, ''), pg_catalog.format('alter table %s replica identity default', follower));
    end loop;

    if pause <> '' then
        execute pause;
    end if;
    execute statement;
    get diagnostics changed = row_count;
    if resume <> '' then
        execute resume;
    end if;
    return changed;
end
$$;

-- Tool: an index for each key that points at a table and has none, until they are dropped again: each row deleted there would
-- read the whole table behind the key.
create or replace function chat_quarantine.lend_indexes(target regclass) returns regclass[]
language plpgsql
set search_path = ''
as $$
declare
    key record;
    lent regclass[] := '{}';
begin
    for key in
        select
            pointer.conrelid::pg_catalog.regclass as source,
            relation.relnamespace::pg_catalog.regnamespace as schema,
            pg_catalog.format('chat_schema_fix_%s', pointer.oid) as index_name,
            pg_catalog.quote_ident(attribute.attname) as column_name
        from pg_catalog.pg_constraint as pointer
        join pg_catalog.pg_class as relation
            on relation.oid = pointer.conrelid
        join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = pointer.conrelid
            and attribute.attnum = pointer.conkey[1]
        where pointer.confrelid = target
            and pointer.contype = 'f'
            and pg_catalog.pg_has_role(relation.relowner, 'usage')
            and not exists (
                select
                from pg_catalog.pg_index as index
                where index.indrelid = pointer.conrelid
                    and index.indisvalid
                    and index.indpred is null
                    and index.indkey[0] = any (pointer.conkey)
            )
    loop
        execute pg_catalog.format('create index %I on %s (%s)', key.index_name, key.source, key.column_name);
        lent := lent || pg_catalog.format('%s.%I', key.schema, key.index_name)::pg_catalog.regclass;
    end loop;
    return lent;
end
$$;

-- Tool: move the rows of a table that meet a condition (on the alias `stray`) into quarantine, complete.
-- What hangs on such a row in another table would vanish with it or forbid it: it is set aside first.
create or replace function chat_quarantine.set_aside(target regclass, condition text, reason text) returns bigint
language plpgsql
set search_path = ''
as $$
declare
    source_table text;
    hanging record;
    strays bigint;
    lent regclass[] := '{}';
    index regclass;
    moved bigint;
begin
    -- Counted, not sought: to find the first of none the planner would look every row up, one by one.
    execute pg_catalog.format('select pg_catalog.count(*) from %s as stray where %s', target, condition) into strays;
    if strays = 0 then
        return 0;
    end if;

    select pg_catalog.format('%s.%s', schema.nspname, relation.relname)
    into source_table
    from pg_catalog.pg_class as relation
    join pg_catalog.pg_namespace as schema
        on schema.oid = relation.relnamespace
    where relation.oid = target;

    for hanging in
        select
            key.conrelid::pg_catalog.regclass as name,
            pg_catalog.string_agg(pg_catalog.format('stray.%I', child.attname), ', ' order by pair.place) as columns,
            pg_catalog.string_agg(pg_catalog.format('stray.%I', parent.attname), ', ' order by pair.place) as referenced,
            pg_catalog.string_agg(pg_catalog.format('%I = null', child.attname), ', ' order by pair.place) as detached,
            key.confdeltype in ('n', 'd') as outlives
        from pg_catalog.pg_constraint as key
        cross join lateral unnest(key.conkey, key.confkey) with ordinality as pair (child, parent, place)
        join pg_catalog.pg_attribute as child
            on child.attrelid = key.conrelid
            and child.attnum = pair.child
        join pg_catalog.pg_attribute as parent
            on parent.attrelid = key.confrelid
            and parent.attnum = pair.parent
        where key.contype = 'f'
            and key.confrelid = target
        group by key.oid, key.conrelid
    loop
        if hanging.outlives then
            -- It stays and forgets what it pointed at.
            execute pg_catalog.format(
                'insert into chat_quarantine.rows (source_table, reason, row_data)
                select %L, %L, pg_catalog.to_jsonb(stray)
                from %s as stray
                where (%s) in (select %s from %s as stray where %s)',
                (
                    select pg_catalog.format('%s.%s', relation.relnamespace::pg_catalog.regnamespace, relation.relname)
                    from pg_catalog.pg_class as relation
                    where relation.oid = hanging.name
                ),
                pg_catalog.format('pointed at a row of %s that was set aside: a copy of the row, which stays', source_table),
                hanging.name, hanging.columns, hanging.referenced, target, condition
            );
        elsif hanging.name = target then
            -- A reply outlives the message that it answered.
            perform chat_quarantine.change(
                target,
                pg_catalog.format(
                    'update %1$s as stray set %2$s where (%3$s) in (select %4$s from %1$s as stray where %5$s)'
                        ' and not coalesce((%5$s), false)',
                    target, hanging.detached, hanging.columns, hanging.referenced, condition
                )
            );
        else
            perform chat_quarantine.set_aside(
                hanging.name,
                pg_catalog.format(
                    '(%s) in (select %s from %s as stray where %s)',
                    hanging.columns, hanging.referenced, target, condition
                ),
                pg_catalog.format('belongs to a row of %s that was set aside', source_table)
            );
        end if;
    end loop;

    if strays > 100 then
        lent := chat_quarantine.lend_indexes(target);
    end if;
    moved := chat_quarantine.change(
        target,
        pg_catalog.format(
            'with moved as (delete from %s as stray where %s returning stray.*)'
                ' insert into chat_quarantine.rows (source_table, reason, row_data)'
                ' select %L, %L, pg_catalog.to_jsonb(moved) from moved',
            target, condition, source_table, reason
        )
    );
    foreach index in array lent loop
        execute pg_catalog.format('drop index %s', index);
    end loop;
    raise notice '%: % set aside: %', source_table, moved, reason;
    return moved;
end
$$;
