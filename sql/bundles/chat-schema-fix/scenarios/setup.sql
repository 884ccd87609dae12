-- A legacy schema may demand that its people exist: `sender` → profiles → auth.users. Whatever the chat's tables point at,
-- other than one another, gets a row for each actor, the farthest table first. A table may ask more of its rows than anybody
-- could guess. Where plain values are refused, what asks for more is put aside; where that does not help, the keys that point
-- at the table are. All of it is undone with the scenarios.

-- One row: the key, whatever else points at an account, and, unless only the key is wanted, what is demanded and has no default.
create function pg_temp.insert_person(target regclass, key_column name, person text, only_key boolean) returns void
language plpgsql
as $$
declare
    id text := pg_catalog.current_setting('actor.' || person);
    filled record;
    is_there boolean;
begin
    select
        string_agg(quote_ident(attribute.attname), ', ') as columns,
        string_agg(
            case
                when base.type = 'uuid'::regtype then quote_literal(id)
                when base.type in ('json'::regtype, 'jsonb'::regtype) then quote_literal('{}')
                when base.category = 'E' then (
                    select quote_literal(label.enumlabel)
                    from pg_catalog.pg_enum as label
                    where label.enumtypid = base.type
                    order by label.enumsortorder
                    limit 1
                )
                when base.category = 'D' then 'pg_catalog.now()'
                when base.category = 'B' then 'false'
                when base.category in ('N', 'T') then quote_literal('0')
                when base.category = 'A' then quote_literal('{}')
                when base.category = 'I' then quote_literal('127.0.0.1')
                else quote_literal(person)
            end,
            ', '
        ) as literals
    into filled
    from pg_catalog.pg_attribute as attribute
    join pg_catalog.pg_type as type on type.oid = attribute.atttypid
    join lateral (
        select underlying.oid, underlying.typcategory
        from pg_catalog.pg_type as underlying
        where underlying.oid = coalesce(nullif(type.typbasetype, 0), type.oid)
    ) as base (type, category) on true
    where attribute.attrelid = target
        and attribute.attnum > 0
        and not attribute.attisdropped
        and attribute.attidentity = ''
        and attribute.attgenerated = ''
        and (
            attribute.attname = key_column
            or (attribute.attnotnull and not attribute.atthasdef and not only_key)
            or exists (
                select
                from pg_catalog.pg_constraint as pointing
                where pointing.conrelid = target
                    and pointing.conkey = array[attribute.attnum]
                    and pointing.confrelid = to_regclass('auth.users')
            )
        );
    execute format(
        'insert into %s (%s) values (%s) on conflict do nothing', target, filled.columns, filled.literals
    );
    -- A conflict may have been with somebody else's row, and a trigger may have swallowed it.
    execute format('select exists (select from %s where %I = %L)', target, key_column, id) into is_there;
    if not is_there then
        raise exception '% has no row for %', target, person;
    end if;
end
$$;

-- What a table of the deployer's own asks of its rows, but for their keys.
create function pg_temp.put_demands_aside(target regclass) returns void
language plpgsql
as $$
declare
    demand text;
begin
    for demand in
        select format('drop constraint %I', demanded.conname)
        from pg_catalog.pg_constraint as demanded
        where demanded.conrelid = target and demanded.contype in ('c', 'f', 'x') and demanded.coninhcount = 0
        union all
        select format('alter column %I drop not null', attribute.attname)
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = target
            and attribute.attnum > 0
            and attribute.attnotnull
            and not attribute.attisdropped
            and attribute.attidentity = ''
            and not exists (
                select
                from pg_catalog.pg_index as key
                where key.indrelid = target and key.indisprimary and attribute.attnum = any (key.indkey)
            )
        union all
        select 'disable trigger user'
        union all
        select 'no force row level security'
    loop
        execute format('alter table %s %s', target, demand);
    end loop;
end
$$;

do $$
declare
    people text[] := array['alice', 'bob', 'carol', 'dave', 'stranger'];
    target record;
    pointing record;
begin
    for target in
        with recursive ours as (
            select to_regclass('public.' || ours.name)::oid as relation
            from unnest(array[
                'chat_rooms', 'chat_room_members', 'room_members', 'chat_messages', 'rooms', 'conversation_participants'
            ]) as ours (name)
        ),
        referenced (relation, key_column, depth, seen) as (
            select foreign_key.confrelid, foreign_key.confkey[1], 1, array[foreign_key.conrelid, foreign_key.confrelid]
            from pg_catalog.pg_constraint as foreign_key
            where foreign_key.contype = 'f'
                and cardinality(foreign_key.confkey) = 1
                and foreign_key.conrelid in (select ours.relation from ours)
                and foreign_key.confrelid not in (select ours.relation from ours where ours.relation is not null)
            union all
            select foreign_key.confrelid, foreign_key.confkey[1], referenced.depth + 1,
                referenced.seen || foreign_key.confrelid
            from referenced
            join pg_catalog.pg_constraint as foreign_key
                on foreign_key.conrelid = referenced.relation
                and foreign_key.contype = 'f'
                and cardinality(foreign_key.confkey) = 1
                and (
                    foreign_key.conkey = array[referenced.key_column]
                    or foreign_key.confrelid = to_regclass('auth.users')
                )
                and foreign_key.confrelid <> all (referenced.seen)
        )
        select referenced.relation::regclass as relation, attribute.attname as key_column,
            relation.relforcerowsecurity as is_forced
        from referenced
        join pg_catalog.pg_class as relation
            on relation.oid = referenced.relation
        join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = referenced.relation and attribute.attnum = referenced.key_column
        join pg_catalog.pg_type as type
            on type.oid = attribute.atttypid
        where 'uuid'::regtype in (type.oid, type.typbasetype)
        group by referenced.relation, attribute.attname, relation.relforcerowsecurity
        order by max(referenced.depth) desc
    loop
        begin
            perform pg_temp.insert_person(target.relation, target.key_column, person.name, false)
            from unnest(people) as person (name);
        exception when others then
            begin
                perform pg_temp.put_demands_aside(target.relation);
                perform pg_temp.insert_person(target.relation, target.key_column, person.name, true)
                from unnest(people) as person (name);
                if target.is_forced then
                    execute format('alter table %s force row level security', target.relation);
                end if;
            exception when others then
                for pointing in
                    select foreign_key.conrelid::regclass as relation, foreign_key.conname
                    from pg_catalog.pg_constraint as foreign_key
                    join pg_catalog.pg_class as relation on relation.oid = foreign_key.conrelid
                    where foreign_key.confrelid = target.relation
                        and foreign_key.contype = 'f'
                        and foreign_key.conparentid = 0
                        and pg_has_role(relation.relowner, 'usage')
                loop
                    execute format('alter table %s drop constraint %I', pointing.relation, pointing.conname);
                end loop;
            end;
        end;
    end loop;
end
$$;

-- A project may put every new account into a room, a lobby: in a scenario people are where it puts them.
do $$
declare
    membership record;
begin
    for membership in
        select attribute.attrelid::regclass as relation
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid in (to_regclass('public.chat_room_members'), to_regclass('public.room_members'))
            and attribute.attname = 'user_id'
            and attribute.atttypid = 'uuid'::regtype
    loop
        begin
            execute format(
                'delete from %s where user_id in (select current_setting(''actor.'' || person.name)::uuid from unnest($1) as person (name))',
                membership.relation
            ) using array['alice', 'bob', 'carol', 'dave', 'stranger'];
        exception when others then
            raise notice '% keeps the memberships of new accounts: %', membership.relation, sqlerrm;
        end;
    end loop;
end
$$;

drop function pg_temp.insert_person(regclass, name, text, boolean);
drop function pg_temp.put_demands_aside(regclass);
