--! Title: Rooms, members and messages, wherever and however they are written

-- Three views over the tables of the chat that exist and that the deployer may alter, as they are when the views are created: once
-- with the prelude, and again by section 01 when the columns have their names and types. Where a table or a column is missing they
-- say null.
--
-- legacy_rooms     source, id, type (dm or group, or null if unknown), word (the type as written), title, slug, created_by,
--                  created_at, updated_at
-- legacy_members   source, room_id, user_id, person (the user as written), role, status, word (the status as written), flag (what other
--                  columns say of it),
--                  created_at, row_data
-- legacy_messages  source, id, room_id, sender, sender_word (the sender as written), content, created_at

-- What a view reads of a table: an expression for each column, which is the first of its names that has a value.
create function schema_fix.legacy_expressions(target oid, wanted text) returns jsonb
language sql
stable
as $$
    select jsonb_object_agg(name, coalesce('coalesce(' || list || ')', 'null::' || column_type))
    from (
        select
            read.name,
            read.column_type,
            string_agg(
                format(schema_fix.conversion_from(found.type_id, found.stands_for, read.column_type), found.column_name),
                ', ' order by found.rank
            ) as list
        from (
            values
                ('rooms', 'id', 'id', 'uuid'::regtype),
                ('rooms', 'type', 'type', 'text'),
                ('rooms', 'title', 'title', 'text'),
                ('rooms', 'slug', 'slug', 'text'),
                ('rooms', 'created_by', 'created_by', 'uuid'),
                ('rooms', 'created_at', 'created_at', 'timestamptz'),
                ('rooms', 'updated_at', 'updated_at', 'timestamptz'),
                ('members', 'room_id', 'room_id', 'uuid'),
                ('members', 'user_id', 'user_id', 'uuid'),
                ('members', 'person', 'user_id', 'text'),
                ('members', 'role', 'role', 'text'),
                ('members', 'status', 'status', 'text'),
                ('members', 'created_at', 'created_at', 'timestamptz'),
                ('messages', 'id', 'id', 'text'),
                ('messages', 'room_id', 'room_id', 'uuid'),
                ('messages', 'sender', 'sender', 'uuid'),
                ('messages', 'sender_word', 'sender', 'text'),
                ('messages', 'content', 'content', 'text'),
                ('messages', 'created_at', 'created_at', 'timestamptz')
        ) as read (holds, name, column_name, column_type)
        left join schema_fix.columns_found as found
            on found.target = legacy_expressions.target
            and found.stands_for = read.column_name
        where read.holds = wanted
        group by read.name, read.column_type
    ) as expression
$$;

-- What other columns of a room say of its type, where no word does.
create function schema_fix.type_by_flags(target regclass) returns text
language sql
stable
as $$
    select coalesce(
        'coalesce(' || string_agg(
            -- mutant: what another column of an older room says is not heard
            format('case legacy.%I::text when ''true'' then ''group'' when ''false'' then ''dm'' end', flag), ', '
        ) || ')',
        'null'
    )
    from unnest(schema_fix.flags_for(target, 'type', 'group')) as flag
$$;

-- The columns of a view over one table, as a list for `select`.
create function schema_fix.legacy_columns(target regclass, wanted text) returns text
language sql
stable
as $$
    select case wanted
        when 'rooms' then format(
            '%1$s as id,'
                ' coalesce((select means from schema_fix.words where column_name = ''type'' and words.word = lower(btrim(%2$s))), %8$s) as type,'
                ' %2$s as word, %3$s as title, %4$s as slug, %5$s as created_by, %6$s as created_at, %7$s as updated_at',
            read ->> 'id', read ->> 'type', read ->> 'title', read ->> 'slug', read ->> 'created_by', read ->> 'created_at',
            read ->> 'updated_at', schema_fix.type_by_flags(target)
        )
        when 'members' then format(
            '%1$s as room_id, %2$s as user_id, %3$s as person, case %4$s when ''admin'' then ''admin'' else ''member'' end as role,'
                ' %5$s as status, %6$s as word, %8$s as flag, %7$s as created_at, %9$s(legacy) as row_data',
            read ->> 'room_id', read ->> 'user_id', read ->> 'person', read ->> 'role', schema_fix.status_of(target),
            read ->> 'status', read ->> 'created_at', schema_fix.flag_of(target),
            -- It takes its time for each row.
            case when schema_fix.has_json(target) then 'schema_fix.as_jsonb' else 'to_jsonb' end
        )
        else format(
            '%1$s as id, %2$s as room_id, %3$s as sender, %6$s as sender_word, %4$s as content, %5$s as created_at',
            read ->> 'id', read ->> 'room_id', read ->> 'sender', read ->> 'content', read ->> 'created_at', read ->> 'sender_word'
        )
    end
    from schema_fix.legacy_expressions(target, wanted) as read
$$;

-- Makes the three views. Where no table of a kind is there, its view has no row.
create function schema_fix.make_legacy_views() returns void
language plpgsql
as $$
declare
    legacy record;
begin
    for legacy in
        select
            holds,
            coalesce(
                string_agg(
                    format(
                        'select %L as source, %s from %s as legacy',
                        'public.' || table_name, schema_fix.legacy_columns(relation.oid, holds), relation.oid::regclass
                    ),
                    ' union all '
                ) filter (where relation.oid is not null),
                format(
                    'select null as source, %s from schema_fix.late_rooms as legacy where false',
                    schema_fix.legacy_columns('schema_fix.late_rooms', holds)
                )
            ) as query
        from schema_fix.tables
        left join pg_class as relation
            on relation.relname = table_name
            and relation.relnamespace = 'public'::regnamespace
            and relation.relkind = 'r'
            and pg_has_role(relation.relowner, 'usage')
        group by holds
    loop
        execute format('create view schema_fix.%I as %s', 'legacy_' || legacy.holds, legacy.query);
    end loop;
end
$$;

-- Drops them while the tables change: Postgres changes no column that a view reads.
create function schema_fix.drop_legacy_views() returns void
language sql
as $$
    drop view schema_fix.legacy_rooms, schema_fix.legacy_members, schema_fix.legacy_messages
$$;

select schema_fix.make_legacy_views();
