--! Title: Indexes
--! Needs: 02

-- What the application's queries and the policies look up. An index counts by its definition, whatever it is called.

-- Tool: an index's definition without its name.
create or replace function chat_quarantine.index_shape(index_id oid) returns text
language sql
stable
set search_path = ''
as $$
    select pg_catalog.substring(pg_catalog.pg_get_indexdef(index_id), ' ON .*$')
$$;

-- Tool: a name that nothing bears, as near to the wanted one as possible.
create or replace function chat_quarantine.unused_name(wanted name, addition text) returns name
language sql
stable
set search_path = ''
as $$
    select candidate::name
    from pg_catalog.generate_series(1, 1000) as attempt
    cross join lateral (
        select pg_catalog.left(wanted, 50) || addition || coalesce('_' || nullif(attempt, 1), '') as candidate
    ) as named
    where pg_catalog.to_regclass('public.' || pg_catalog.quote_ident(candidate)) is null
    order by attempt
    limit 1
$$;

-- Tool: the name for an index of ours. One of ours that bears it with another definition goes, unless it enforces something;
-- what belongs to others keeps its name, and ours takes another.
create or replace function chat_quarantine.name_for_index(target regclass, wanted name) returns name
language plpgsql
set search_path = ''
as $$
declare
    bearer constant regclass := pg_catalog.to_regclass('public.' || pg_catalog.quote_ident(wanted));
begin
    if bearer is null then
        return wanted;
    end if;
    if exists (
        select
        from pg_catalog.pg_index
        where indexrelid = bearer
            and indrelid = target
            and not indisprimary
            and not indisunique
    ) then
        execute pg_catalog.format('drop index %s', bearer);
        raise notice 'index % had another definition: dropped', wanted;
        return wanted;
    end if;
    return chat_quarantine.unused_name(wanted, '_of_chat');
end
$$;

-- Tool: free a name that only ours may bear, whatever bears it.
create or replace function chat_quarantine.free_name(wanted name) returns void
language plpgsql
set search_path = ''
as $$
declare
    taken record;
begin
    select
        relation.relkind,
        relation.oid::pg_catalog.regclass as name,
        pg_catalog.pg_has_role(relation.relowner, 'usage') as may_rename
    into taken
    from pg_catalog.pg_class as relation
    where relation.relnamespace = 'public'::pg_catalog.regnamespace
        and relation.relname = wanted;
    if not found then
        return;
    end if;

    if not taken.may_rename then
        raise exception 'the name public.% is taken by something of another owner', wanted
            using
                errcode = 'duplicate_table',
                hint = 'Rename it; then run the fix again.';
    end if;
    execute pg_catalog.format(
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
        chat_quarantine.unused_name(wanted, '_legacy')
    );
    raise notice 'the name % was taken by something else: renamed', wanted;
end
$$;

-- Indexes that could not be finished serve nobody.
do $$
declare
    unfinished regclass;
begin
    for unfinished in
        select index.indexrelid
        from pg_catalog.pg_index as index
        where index.indrelid in (
                'public.chat_rooms'::regclass, 'public.chat_room_members'::regclass,
                'public.room_members'::regclass, 'public.chat_messages'::regclass
            )
            and not index.indisvalid
    loop
        execute pg_catalog.format('drop index %s', unfinished);
        raise notice 'index % was not valid: dropped', unfinished;
    end loop;
end
$$;

-- The indexes, unless one of any name does the same: the direction does not matter, since an index is read both ways.
do $$
declare
    wanted record;
    index_name name;
begin
    for wanted in
        select *
        from (values
            ('chat_rooms', 'idx_chat_rooms_type', '{(type)}'::text[], ''),
            ('chat_rooms', 'idx_chat_rooms_created_by', '{(created_by)}', ''),
            ('chat_rooms', 'idx_chat_rooms_created_at', '{(created_at DESC),(created_at),(created_at DESC NULLS LAST)}', ''),
            ('chat_room_members', 'idx_chat_room_members_user', '{(user_id)}', ''),
            ('chat_room_members', 'idx_chat_room_members_pending', '{(room_id),(status),"(room_id, user_id)"}', $p$ WHERE (status = 'pending'::text)$p$),
            ('room_members', 'idx_room_members_user', '{(user_id)}', ''),
            (
                'chat_messages',
                'idx_chat_messages_room_created',
                '{"(room_id, created_at DESC)","(room_id, created_at)","(room_id DESC, created_at)"}',
                ''
            ),
            ('chat_messages', 'idx_chat_messages_sender', '{(sender)}', ''),
            ('chat_messages', 'idx_chat_messages_created', '{(created_at DESC),(created_at),(created_at DESC NULLS LAST)}', '')
        ) as index (table_name, index_name, columns, predicate)
    loop
        if not exists (
            select
            from pg_catalog.pg_index as index
            cross join unnest(wanted.columns) as spelling
            where index.indrelid = pg_catalog.format('public.%I', wanted.table_name)::regclass
                and chat_quarantine.index_shape(index.indexrelid)
                    = pg_catalog.format(' ON public.%s USING btree %s%s', wanted.table_name, spelling, wanted.predicate)
        ) then
            index_name := chat_quarantine.name_for_index(
                pg_catalog.format('public.%I', wanted.table_name)::regclass, wanted.index_name
            );
            execute pg_catalog.format(
                'create index %I on public.%I using btree %s%s',
                index_name, wanted.table_name, wanted.columns[1], wanted.predicate
            );
            raise notice 'index % made', index_name;
        end if;
    end loop;
end
$$;

-- A foreign key without an index makes every delete on the other side read the whole table.
do $$
declare
    uncovered record;
    index_name name;
begin
    for uncovered in
        select
            relation.oid::regclass as target,
            pg_catalog.left(
                'idx_' || relation.relname || '_' || pg_catalog.string_agg(attribute.attname, '_' order by place.number), 63
            ) as index_name,
            pg_catalog.string_agg(pg_catalog.quote_ident(attribute.attname), ', ' order by place.number) as columns
        from pg_catalog.pg_constraint as key
        join pg_catalog.pg_class as relation
            on relation.oid = key.conrelid
        cross join unnest(key.conkey) with ordinality as place (attnum, number)
        join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = key.conrelid
            and attribute.attnum = place.attnum
        where key.contype = 'f'
            and relation.relnamespace = 'public'::pg_catalog.regnamespace
            and relation.relname in ('chat_rooms', 'chat_room_members', 'room_members', 'chat_messages')
            and not exists (
                select
                from pg_catalog.pg_index as index
                where index.indrelid = key.conrelid
                    and index.indpred is null
                    and key.conkey @> (index.indkey::smallint[])[0:pg_catalog.cardinality(key.conkey) - 1]
                    and (index.indkey::smallint[])[0:pg_catalog.cardinality(key.conkey) - 1] @> key.conkey
            )
        group by key.oid, relation.oid, relation.relname
    loop
        index_name := chat_quarantine.name_for_index(uncovered.target, uncovered.index_name);
        execute pg_catalog.format('create index %I on %s (%s)', index_name, uncovered.target, uncovered.columns);
        raise notice 'index % made for a foreign key', index_name;
    end loop;
end
$$;

-- Of several indexes with one definition one is enough: the one behind a constraint, or with our name, or the first.
do $$
declare
    spare regclass;
begin
    for spare in
        select numbered.indexrelid
        from (
            select
                index.indexrelid,
                exists (select from pg_catalog.pg_constraint where conindid = index.indexrelid)
                    or index.indisreplident as is_needed,
                pg_catalog.row_number() over (
                    partition by index.indrelid, index.indisunique, chat_quarantine.index_shape(index.indexrelid)
                    order by
                        exists (select from pg_catalog.pg_constraint where conindid = index.indexrelid) desc,
                        index.indisreplident desc,
                        relation.relname like 'idx\_%' desc,
                        relation.relname
                ) as place
            from pg_catalog.pg_index as index
            join pg_catalog.pg_class as relation
                on relation.oid = index.indexrelid
            where index.indrelid in (
                'public.chat_rooms'::regclass, 'public.chat_room_members'::regclass,
                'public.room_members'::regclass, 'public.chat_messages'::regclass
            )
        ) as numbered
        where numbered.place > 1
            and not numbered.is_needed
    loop
        execute pg_catalog.format('drop index %s', spare);
        raise notice 'index % was there twice: dropped', spare;
    end loop;
end
$$;
