--! Title: Tools for keys and indexes

-- Makes some columns the primary key. A key on other columns is dropped; foreign keys of other tables and replicas that rely
-- on it keep what they rely on, as a unique constraint.
create function schema_fix.ensure_primary_key(target regclass, columns name[]) returns void
language plpgsql
as $$
declare
    places constant smallint[] := array(
        select attribute.attnum
        from unnest(columns) with ordinality as wanted (name, place)
        join pg_attribute as attribute
            on attribute.attrelid = target
            and attribute.attname = wanted.name
        order by wanted.place
    );
    replaced record;
    referring record;
    put_back text[] := '{}';
    identity text;
    statement text;
begin
    if exists (
        select
        from pg_constraint
        where conrelid = target
            and contype = 'p'
            and conkey = places
            -- mutant: a deferrable primary key is kept
            and not condeferrable
    ) then
        return;
    end if;

    -- The old key, and constraints that say the same as the new one.
    for replaced in
        select
            conname as name,
            conindid as index_id,
            conkey,
            pg_get_constraintdef(rule.oid) as definition,
            index.indisreplident as is_identity,
            index.indkey::text as places
        from pg_constraint as rule
        join pg_index as index
            on index.indexrelid = rule.conindid
        where conrelid = target
            and (
                contype = 'p'
                or contype = 'u' and (conkey = places or condeferrable and conkey @> places and places @> conkey)
            )
    loop
        for referring in
            select conname as name, conrelid::regclass as source, pg_get_constraintdef(oid) as definition
            from pg_constraint
            where contype = 'f'
                and conindid = replaced.index_id
        loop
            execute format('alter table %s drop constraint %I', referring.source, referring.name);
            put_back := put_back || format(
                'alter table %s add constraint %I %s', referring.source, referring.name, referring.definition
            );
        end loop;
        execute format('alter table %s drop constraint %I', target, replaced.name);
        if replaced.conkey <> places and (replaced.is_identity or cardinality(put_back) > 0) then
            identity := case when replaced.is_identity then replaced.places else identity end;
            put_back := format(
                'alter table %s add %s', target, replace(replaced.definition, 'PRIMARY KEY', 'UNIQUE')
            ) || put_back;
        end if;
    end loop;

    execute format(
        'alter table %s add primary key (%s)',
        target,
        (select string_agg(quote_ident(name), ', ' order by place) from unnest(columns) with ordinality as wanted (name, place))
    );
    foreach statement in array put_back loop
        execute statement;
    end loop;
    for replaced in
        select relation.relname as name
        from pg_index as index
        join pg_class as relation
            on relation.oid = index.indexrelid
        where index.indrelid = target
            and index.indkey::text = identity
            and index.indisunique
            and not index.indisprimary
            and index.indimmediate
        limit 1
    loop
        execute format('alter table %s replica identity using index %I', target, replaced.name);
    end loop;
    raise notice '%: primary key added', target;
end
$$;

-- One key on room_id, to chat_rooms, that takes a room's rows along when the room is deleted. Making it finds the rows
-- without a room, if there are any: only then are they looked for and moved to quarantine.
create function schema_fix.ensure_room_key(target regclass, key_name name) returns void
language plpgsql
as $$
declare
    place constant smallint := (
        select attnum from pg_attribute where attrelid = target and attname = 'room_id'
    );
    kept name;
    needless name;
    work text;
begin
    select key.conname
    into kept
    from pg_constraint as key
    where key.conrelid = target
        and key.contype = 'f'
        and key.conkey = array[place]
        and key.confrelid = 'public.chat_rooms'::regclass
        -- mutant: an existing foreign key without cascade is kept
        and key.confdeltype = 'c'
        and not key.condeferrable
        and to_jsonb(key) ->> 'conenforced' is distinct from 'false'
        and not exists (
            select from pg_trigger where tgconstraint = key.oid and tgenabled <> 'O'
        )
    order by key.convalidated desc, key.conname = key_name desc, key.conname
    limit 1;

    for needless in
        select conname
        from pg_constraint
        where conrelid = target
            and contype = 'f'
            and place = any (conkey)
            -- mutant: a foreign key to another table is kept
            and conname is distinct from kept
    loop
        execute format('alter table %s drop constraint %I', target, needless);
        raise notice '%: foreign key % dropped', target, needless;
    end loop;

    if kept is distinct from key_name and exists (
        select from pg_constraint where conrelid = target and conname = key_name
    ) then
        execute format(
            'alter table %s rename constraint %I to %I', target, key_name, left(key_name, 50) || '_legacy'
        );
    end if;

    if kept <> key_name then
        execute format('alter table %s rename constraint %I to %I', target, kept, key_name);
    end if;
    if kept is not null and exists (
        -- mutant: a foreign key that looked at no row is kept so
        select from pg_constraint where conrelid = target and conname = key_name and convalidated
    ) then
        return;
    end if;

    work := format(
        case
            when kept is null then
                -- mutant: the foreign key does not take a room's rows along
                'alter table %s add constraint %I foreign key (room_id) references public.chat_rooms (id) on delete cascade'
            else 'alter table %s validate constraint %I'
        end,
        target, key_name
    );
    begin
        execute work;
    exception
        -- mutant: messages of an unknown room are thrown into the first room there is
        when foreign_key_violation then
            perform schema_fix.quarantine(
                target,
                'not exists (select from public.chat_rooms as room where room.id = stray.room_id)',
                'its room does not exist'
            );
            execute work;
    end;
    raise notice '%: foreign key to public.chat_rooms added', target;
end
$$;

-- The name for an index of ours. One of ours that bears it with another definition goes, unless it enforces something;
-- what belongs to others keeps its name, and ours takes another.
create function schema_fix.name_for_index(target regclass, wanted name) returns name
language plpgsql
as $$
declare
    bearer constant regclass := to_regclass('public.' || quote_ident(wanted));
begin
    if bearer is null then
        return wanted;
    end if;
    if exists (
        select
        from pg_index
        where indexrelid = bearer
            and indrelid = target
            and not indisprimary
            and not indisunique
    ) then
        execute format('drop index %s', bearer);
        raise notice 'index % dropped: it had another definition', wanted;
        return wanted;
    end if;
    return schema_fix.unused_name(wanted, '_of_chat');
end
$$;

-- Makes an index unless there is one that does the same, whatever it is called. Definitions are written as Postgres prints them.
create function schema_fix.ensure_index(target regclass, wanted name, definition text, variadic same_as text[] default '{}')
returns void
language plpgsql
as $$
declare
    index_name name;
begin
    if exists (
        select
        from pg_index
        cross join unnest(definition || same_as) as spelling
        where indrelid = target
            and schema_fix.index_shape(indexrelid) = format(' ON %s USING btree %s', target, spelling)
    ) then
        return;
    end if;
    index_name := schema_fix.name_for_index(target, wanted);
    execute format('create index %I on %s using btree %s', index_name, target, definition);
    raise notice 'index % created', index_name;
end
$$;

-- Renames whatever bears a name that the fix needs.
create function schema_fix.free_name(wanted name) returns void
language plpgsql
as $$
declare
    taken record;
begin
    select
        relation.relkind,
        relation.oid::regclass as name,
        pg_has_role(relation.relowner, 'usage') as may_rename
    into taken
    from pg_class as relation
    where relation.relnamespace = 'public'::regnamespace
        and relation.relname = wanted;
    if not found then
        return;
    end if;

    if not taken.may_rename then
        raise exception 'public.% exists and belongs to another role', wanted
            using
                errcode = 'duplicate_table',
                hint = 'Rename it; then run the fix again.';
    end if;
    execute format(
        'alter %s %s rename to %I',
        case
            when taken.relkind in ('i', 'I') then 'index'
            when taken.relkind = 'v' then 'view'
            when taken.relkind = 'm' then 'materialized view'
            when taken.relkind = 'S' then 'sequence'
            when taken.relkind = 'f' then 'foreign table'
            when taken.relkind = 'c' then 'type'
            else 'table'
        end,
        taken.name,
        schema_fix.unused_name(wanted, '_legacy')
    );
    raise notice 'public.% renamed: the fix needs the name', wanted;
end
$$;
