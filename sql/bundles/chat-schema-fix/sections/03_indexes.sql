--! Title: Indexes
--! Needs: 02

-- What the application's queries and the policies look up. An index counts by its definition, whatever it is called.

-- Indexes that could not be finished serve nobody.
do $$
declare
    unfinished regclass;
begin
    for unfinished in
        select index.indexrelid
        from pg_index as index
        where index.indrelid in (
                'public.chat_rooms'::regclass, 'public.chat_room_members'::regclass,
                'public.room_members'::regclass, 'public.chat_messages'::regclass
            )
            -- mutant: an invalid unique index passes for a valid one
            and not index.indisvalid
    loop
        execute format('drop index %s', unfinished);
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
                -- mutant: no index for the messages of a room
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
            from pg_index as index
            cross join unnest(wanted.columns) as spelling
            where index.indrelid = format('public.%I', wanted.table_name)::regclass
                and schema_fix.index_shape(index.indexrelid)
                    = format(' ON public.%s USING btree %s%s', wanted.table_name, spelling, wanted.predicate)
        ) then
            index_name := schema_fix.name_for_index(
                format('public.%I', wanted.table_name)::regclass, wanted.index_name
            );
            execute format(
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
            left(
                'idx_' || relation.relname || '_' || string_agg(attribute.attname, '_' order by place.number), 63
            ) as index_name,
            string_agg(quote_ident(attribute.attname), ', ' order by place.number) as columns
        from pg_constraint as key
        join pg_class as relation
            on relation.oid = key.conrelid
        cross join unnest(key.conkey) with ordinality as place (attnum, number)
        join pg_attribute as attribute
            on attribute.attrelid = key.conrelid
            and attribute.attnum = place.attnum
        where key.contype = 'f'
            and relation.relnamespace = 'public'::regnamespace
            and relation.relname in ('chat_rooms', 'chat_room_members', 'room_members', 'chat_messages')
            and not exists (
                select
                from pg_index as index
                where index.indrelid = key.conrelid
                    and index.indpred is null
                    and key.conkey @> (index.indkey::smallint[])[0:cardinality(key.conkey) - 1]
                    and (index.indkey::smallint[])[0:cardinality(key.conkey) - 1] @> key.conkey
            )
        group by key.oid, relation.oid, relation.relname
    loop
        index_name := schema_fix.name_for_index(uncovered.target, uncovered.index_name);
        execute format('create index %I on %s (%s)', index_name, uncovered.target, uncovered.columns);
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
                exists (select from pg_constraint where conindid = index.indexrelid)
                    or index.indisreplident as is_needed,
                row_number() over (
                    partition by index.indrelid, index.indisunique, schema_fix.index_shape(index.indexrelid)
                    order by
                        exists (select from pg_constraint where conindid = index.indexrelid) desc,
                        index.indisreplident desc,
                        relation.relname like 'idx\_%' desc,
                        relation.relname
                ) as place
            from pg_index as index
            join pg_class as relation
                on relation.oid = index.indexrelid
            where index.indrelid in (
                'public.chat_rooms'::regclass, 'public.chat_room_members'::regclass,
                'public.room_members'::regclass, 'public.chat_messages'::regclass
            )
        ) as numbered
        where numbered.place > 1
            and not numbered.is_needed
    loop
        execute format('drop index %s', spare);
        raise notice 'index % was there twice: dropped', spare;
    end loop;
end
$$;
