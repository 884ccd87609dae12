--! Title: Tools for keys and indexes

-- Tables of which replicas know the rows by an index, before anything is changed.
create table schema_fix.known_by_an_index as
select oid::regclass as target
from pg_class
where relnamespace = 'public'::regnamespace
    and relreplident = 'i';

-- Makes some columns the primary key. A key on other columns becomes a unique constraint: `on conflict` names its columns, and races are decided by
-- it. One that has the new key's columns and others says nothing beside it, and goes unless foreign keys of other tables or replicas rely on it.
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
    is_relied_on boolean;
    put_back text[] := '{}';
    identity text;
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
        is_relied_on := replaced.is_identity;
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
            is_relied_on := true;
        end loop;
        execute format('alter table %s drop constraint %I', target, replaced.name);
        if replaced.conkey <> places and (is_relied_on or not replaced.conkey @> places) then
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
    perform schema_fix.run_each(put_back);
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
    -- Its index went as one that says the same as the key, or because an id changed its type.
    for replaced in
        select key.relname as name
        from schema_fix.known_by_an_index as known
        join pg_index as index
            on index.indrelid = known.target
            and index.indisprimary
        join pg_class as key
            on key.oid = index.indexrelid
        where known.target = ensure_primary_key.target
            and not exists (select from pg_index as other where other.indrelid = known.target and other.indisreplident)
    loop
        execute format('alter table %s replica identity using index %I', target, replaced.name);
    end loop;
    raise notice '%: primary key added', target;
end
$$;

-- What the keys of rooms' rows say beside what the fix decides, before anything is changed: what happens where a room's id is changed, when
-- the key is checked (a function may write the memberships before their room), and their comment, by which the data API calls what embeds.
create table schema_fix.former_room_keys as
select distinct on (key.conrelid)
    key.conrelid::regclass as target,
    concat(
        case key.confupdtype
            when 'c' then ' on update cascade'
            when 'r' then ' on update restrict'
            when 'n' then ' on update set null'
            when 'd' then ' on update set default'
        end,
        case when key.condeferrable then ' deferrable' end,
        case when key.condeferred then ' initially deferred' end
    ) as clauses,
    obj_description(key.oid, 'pg_constraint') as comment,
    -- A key to another table is another way to embed.
    case when parent.generation = 'current' then key.conname end as name,
    key.confdeltype = 'c' as cascades
from schema_fix.present_tables as present
cross join lateral unnest(schema_fix.columns_for(present.table_id, 'room_id')) as room (name)
join pg_constraint as key
    on key.conrelid = present.table_id
    and key.conkey = array[schema_fix.place_of(present.table_id, room.name)]
    and key.contype = 'f'
join schema_fix.present_tables as parent
    on parent.table_id = key.confrelid
    and parent.holds = 'rooms'
where present.holds <> 'rooms'
order by key.conrelid, parent.generation = 'current' desc, key.condeferrable desc, key.conname;

-- One key on room_id, to chat_rooms, that takes a room's rows along when the room is deleted. Making it finds the rows
-- without a room, if there are any: only then are they looked for and moved to quarantine. It keeps its name, by which the data API embeds, unless
-- it must have one.
create function schema_fix.ensure_room_key(target regclass, usual_name name, must_have_it boolean, definition text) returns void
language plpgsql
as $$
declare
    key_name name := usual_name;
    place constant smallint := schema_fix.place_of(target, 'room_id');
    kept name;
    needless name;
    former record;
    work text;
begin
    select * into former from schema_fix.former_room_keys as noted where noted.target = ensure_room_key.target;
    select key.conname
    into kept
    from pg_constraint as key
    where key.conrelid = target
        and key.contype = 'f'
        and key.conkey = array[place]
        and key.confrelid = 'public.chat_rooms'::regclass
        -- mutant: an existing foreign key without cascade is kept
        and key.confdeltype = 'c'
        and to_jsonb(key) ->> 'conenforced' is distinct from 'false'
        and not exists (
            select from pg_trigger where tgconstraint = key.oid and tgenabled <> 'O'
        )
    order by key.convalidated desc, key.conname = usual_name desc, key.conname
    limit 1;
    if not must_have_it then
        -- That one deletes rows from now on is declared by the usual name.
        key_name := coalesce(kept, case when former.cascades then former.name end, usual_name);
    end if;

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
    if former.name <> key_name then
        raise warning '%: the foreign key % is called % from now on: a request that embeds by its name, as in chat_rooms!%, has to name the new one',
            target, former.name, key_name, former.name;
    end if;
    if kept is not null and exists (
        -- mutant: a foreign key that looked at no row is kept so
        select from pg_constraint where conrelid = target and conname = key_name and convalidated
    ) then
        return;
    end if;

    work := format(
        case when kept is null then 'alter table %s add constraint %I ' || definition || coalesce(former.clauses, '') else 'alter table %s validate constraint %I' end,
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
    if kept is null and former.comment is not null then
        execute format('comment on constraint %I on %s is %L', key_name, target, former.comment);
    end if;
    raise notice '%: foreign key to public.chat_rooms added', target;
end
$$;
