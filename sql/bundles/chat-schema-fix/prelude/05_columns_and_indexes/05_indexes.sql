--! Title: Tools for indexes

-- An index's definition without its name.
create function schema_fix.index_shape(index_id oid) returns text
language sql
stable
as $$
    select substring(pg_get_indexdef(index_id), ' ON .*$')
$$;

-- Drops an index, or the constraint that it belongs to.
create function schema_fix.drop_index(unwanted regclass) returns void
language plpgsql
as $$
declare
    made record;
begin
    select conrelid::regclass as target, conname as name
    into made
    from pg_constraint
    where conindid = unwanted
        and contype in ('p', 'u', 'x');
    if found then
        execute format('alter table %s drop constraint %I', made.target, made.name);
    else
        execute format('drop index %s', unwanted);
    end if;
end
$$;

-- Drops older unique indexes and constraints on the names of rooms, whatever the column is called now.
create function schema_fix.drop_name_rules(spared text) returns void
language plpgsql
as $$
declare
    rule regclass;
begin
    for rule in
        select indexrelid
        from pg_index
        where indrelid = 'public.chat_rooms'::regclass
            and (indisunique or indisexclusion)
            and not indisprimary
            and exists (
                select
                from pg_depend
                where refobjid = 'public.chat_rooms'::regclass
                    and refobjsubid = schema_fix.place_of(
                        'public.chat_rooms', (schema_fix.columns_for('public.chat_rooms', 'title'))[1]
                    )
                    and objid in (indexrelid, (select oid from pg_constraint where conindid = indexrelid and contype in ('u', 'x')))
            )
            and (
                indisvalid
                and pg_get_indexdef(indexrelid) = spared
                and not exists (select from pg_constraint where conindid = indexrelid and contype in ('u', 'x'))
            ) is not true
    loop
        raise notice 'unique index % on titles dropped', rule;
        perform schema_fix.drop_index(rule);
    end loop;
end
$$;

-- The name for an index of the fix. An index of the same table that has this name and another definition is dropped, unless it is
-- unique; any other object keeps its name, and the new index gets another one.
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

-- Whether a table has an index of one of some definitions, whatever it is called.
create function schema_fix.has_index(target regclass, definitions text[]) returns boolean
language sql
stable
as $$
    select exists (
        select
        from pg_index
        cross join unnest(definitions) as spelling
        where indrelid = target
            and schema_fix.index_shape(indexrelid) = format(' ON %s USING btree %s', target, spelling)
    )
$$;

-- Makes an index unless there is one that does the same.
create function schema_fix.ensure_index(target regclass, wanted name, definition text, same_as text[]) returns void
language plpgsql
as $$
declare
    index_name name;
begin
    if schema_fix.has_index(target, definition || same_as) then
        return;
    end if;
    index_name := schema_fix.name_for_index(target, wanted);
    execute format('create index %I on %s using btree %s', index_name, target, definition);
    raise notice 'index % created', index_name;
end
$$;
