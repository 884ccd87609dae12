-- A legacy schema may demand that its people exist: `sender` → profiles → auth.users. Whatever the chat's tables point at,
-- other than one another, gets a row for each actor, the farthest table first.
do $$
declare
    actor record;
    target record;
    filled record;
begin
    for target in
        with recursive ours as (
            select to_regclass('public.' || name)::oid as relation
            from unnest(array['chat_rooms', 'chat_room_members', 'room_members', 'chat_messages', 'rooms']) as name
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
                and foreign_key.conkey = array[referenced.key_column]
                and foreign_key.confrelid <> all (referenced.seen)
        )
        select referenced.relation::regclass as relation, attribute.attname as key_column
        from referenced
        join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = referenced.relation and attribute.attnum = referenced.key_column
        join pg_catalog.pg_type as type
            on type.oid = attribute.atttypid
        where 'uuid'::regtype in (type.oid, type.typbasetype)
        group by referenced.relation, attribute.attname
        order by max(referenced.depth) desc
    loop
        for actor in
            select name, current_setting('actor.' || name) as id
            from unnest(array['alice', 'bob', 'carol', 'dave', 'stranger']) as name
        loop
            -- Besides the key, what is demanded and has no default gets the plainest value of its type.
            select
                string_agg(quote_ident(attribute.attname), ', ') as columns,
                string_agg(
                    case
                        when attribute.attname = target.key_column or attribute.atttypid = 'uuid'::regtype
                            then quote_literal(actor.id) || '::uuid'
                        when attribute.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
                            then 'pg_catalog.now()'
                        when attribute.atttypid = 'boolean'::regtype then 'false'
                        when attribute.atttypid in ('json'::regtype, 'jsonb'::regtype) then quote_literal('{}')
                        when attribute.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
                            then '0'
                        else quote_literal(actor.name)
                    end,
                    ', '
                ) as literals
            into filled
            from pg_catalog.pg_attribute as attribute
            where attribute.attrelid = target.relation
                and attribute.attnum > 0
                and not attribute.attisdropped
                and (
                    attribute.attname = target.key_column
                    or (attribute.attnotnull and not attribute.atthasdef and attribute.attidentity = '')
                );
            execute format(
                'insert into %s (%s) values (%s) on conflict do nothing', target.relation, filled.columns, filled.literals
            );
        end loop;
    end loop;
end
$$;
