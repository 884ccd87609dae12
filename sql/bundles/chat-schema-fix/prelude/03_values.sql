--! Title: Tools that read values and words

-- A user's id written as text, or null if it is none.
create function schema_fix.user_uuid(written text) returns uuid
language sql
immutable
as $$
    select case
        -- mutant: ids written in braces or capitals are not recognised
        when btrim(written) ~* '^(([0-9a-f]{4}-?){7}[0-9a-f]{4}|\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\})$'
            then btrim(written)::uuid
    end
$$;

-- A room's id written as text. One that is no uuid (`lobby`) becomes one, the same wherever it is written.
create function schema_fix.room_uuid(written text) returns uuid
language sql
immutable
as $$
    select coalesce(schema_fix.user_uuid(written), md5('chat room ' || written)::uuid)
$$;

-- A time written as text, or null if it is none. A long number counts seconds since 1970, or milliseconds.
create function schema_fix.time_of(written text) returns timestamptz
language plpgsql
stable
as $$
begin
    if written ~ '^\s*\d{9,13}(\.\d+)?\s*$' then
        return to_timestamp(written::numeric / case when written::numeric < 100000000000 then 1 else 1000 end);
    end if;
    return nullif(btrim(written), '')::timestamptz;
exception
    when invalid_datetime_format or datetime_field_overflow then
        return null;
end
$$;

-- What a membership's status amounts to. A word that nobody knows never means approved.
create function schema_fix.member_status(written text) returns text
language sql
immutable
as $$
    select case
        when written in ('approved', 'pending', 'blocked') then written
        when lower(btrim(written)) in (
            -- mutant: a banned member only waits
            'blocked', 'banned', 'kicked', 'removed', 'rejected', 'denied', 'declined', 'suspended'
        ) then 'blocked'
        -- mutant: an unknown status counts as approved
        else 'pending'
    end
$$;

-- Whether a word keeps somebody out. Where everybody was let in, any other word may mean that he is in.
create function schema_fix.is_kept_out(written text) returns boolean
language sql
immutable
as $$
    select schema_fix.member_status(written) = 'blocked'
        -- mutant: whoever waits among the people of a direct conversation is one of them
        or coalesce(lower(btrim(written)) in ('pending', 'invited', 'requested', 'waiting'), false)
$$;

-- What kind of room a word means, or null if it says nothing.
create function schema_fix.room_type(written text) returns text
language sql
immutable
as $$
    select case
        when lower(btrim(written)) in (
            'dm', 'direct', 'direct_message', 'direct-message', 'im', 'one_to_one', 'one-to-one', '1:1', '1-1', 'p2p'
        ) then 'dm'
        when lower(btrim(written)) in (
            'group', 'group_chat', 'group-chat', 'channel', 'team', 'public'
        ) then 'group'
    end
$$;

-- A column as an expression of the type that another one is to have.
create function schema_fix.conversion(
    target regclass, source name, wanted name, wanted_type regtype
) returns text
language sql
stable
as $$
    select format(
        case
            when wanted_type = 'uuid'::regtype and wanted in ('id', 'room_id') then 'schema_fix.room_uuid(%1$I::text)'
            when wanted_type = 'uuid'::regtype then 'schema_fix.user_uuid(%1$I::text)'
            when wanted_type = 'timestamptz'::regtype and type.typcategory <> 'D'
                then 'schema_fix.time_of(%1$I::text)'
            -- What the application wrote there was a string to it, and is read as the same.
            when wanted_type = 'text'::regtype and type.typname in ('json', 'jsonb') then 'coalesce(%1$I #>> ''{}'', %1$I::text)'
            else '%1$I::%2$s'
        end,
        source,
        wanted_type
    )
    from pg_attribute as attribute
    join pg_type as type
        on type.oid = attribute.atttypid
    where attribute.attrelid = target
        and attribute.attname = source
$$;

-- The first of some columns that has a value, as an expression over the alias `legacy`.
create function schema_fix.first_of(target regclass, names name[]) returns text
language sql
stable
as $$
    select coalesce(
        'coalesce('
            || string_agg(format('legacy.%I::text', name), ', ' order by place)
            || ')',
        'null::text'
    )
    from unnest(schema_fix.columns_called(target, names)) with ordinality as candidate (name, place)
$$;

-- The same for ids, which have to be read (by the named tool) only where they are not of their type yet.
create function schema_fix.first_id_of(target regclass, names name[], reader name) returns text
language sql
stable
as $$
    select case
        when bool_and(attribute.atttypid = 'uuid'::regtype)
            then format(
                'coalesce(%s)',
                string_agg(format('legacy.%I', attribute.attname), ', ' order by candidate.place)
            )
        else coalesce(
            'coalesce('
                || string_agg(
                    format('schema_fix.%I(legacy.%I::text)', reader, attribute.attname), ', ' order by candidate.place
                )
                || ')',
            'null::uuid'
        )
    end
    from unnest(schema_fix.columns_called(target, names)) with ordinality as candidate (name, place)
    join pg_attribute as attribute
        on attribute.attrelid = target
        and attribute.attname = candidate.name
        and not attribute.attisdropped
$$;

-- The same for times, which have to be read only where they are text.
create function schema_fix.first_time_of(target regclass, names name[]) returns text
language sql
stable
as $$
    select coalesce(
        'coalesce('
            || string_agg(
                format(
                    case type.typcategory when 'D' then 'legacy.%I::timestamptz' else 'schema_fix.time_of(legacy.%I::text)' end,
                    attribute.attname
                ),
                ', ' order by candidate.place
            )
            || ')',
        'null::timestamptz'
    )
    from unnest(schema_fix.columns_called(target, names)) with ordinality as candidate (name, place)
    join pg_attribute as attribute
        on attribute.attrelid = target
        and attribute.attname = candidate.name
        and not attribute.attisdropped
    join pg_type as type
        on type.oid = attribute.atttypid
$$;

-- The status of a table's memberships, as an expression over the alias `legacy`: its word; where there is no word, what
-- other columns say; where they say nothing, everybody was a member. Who left may ask again.
create function schema_fix.status_of(target regclass) returns text
language sql
stable
as $$
    select case
        when words[1] is not null then format('schema_fix.member_status(legacy.%I::text)', words[1])
        else format(
            'case when %s then ''blocked'' when %s then ''pending'' else ''approved'' end',
            coalesce(string_agg(said.yes, ' or ') filter (where said.means = 'blocked'), 'false'),
            coalesce(
                string_agg(
                    case said.means when 'pending' then said.yes else 'not (' || said.yes || ')' end, ' or '
                ) filter (where said.means in ('pending', 'approved')),
                'false'
            )
        )
    end
    from (
        select
            word.means,
            format(
                case type.typcategory when 'B' then 'legacy.%I is true' else 'legacy.%I is not null' end, attribute.attname
            ) as yes
        from (values
            -- mutant: who is blocked by another column than a status is let in
            ('blocked', '{is_blocked,blocked,blocked_at,is_banned,banned,banned_at,kicked_at,removed_at}'),
            ('pending', '{is_pending,pending,is_invited,invited,has_left,is_left,left_at,deleted_at,rejected_at}'),
            -- mutant: who was never let in, says another column than a status, is let in
            ('approved', '{is_approved,approved,approved_at,is_accepted,accepted,accepted_at,is_confirmed,confirmed,is_active}')
        ) as word (means, names)
        cross join lateral unnest(schema_fix.columns_called(target, word.names::name[])) as found (name)
        join pg_attribute as attribute
            on attribute.attrelid = target
            and attribute.attname = found.name
        join pg_type as type
            on type.oid = attribute.atttypid
            and type.typcategory in ('B', 'D')
    ) as said
    right join schema_fix.columns_called(target, '{status,state,member_status,membership_status}') as words
        on true
    group by words
$$;

-- A query for the ids of all rooms there are.
create function schema_fix.ids_of_rooms() returns text
language sql
stable
as $$
    select string_agg(
        format('select schema_fix.room_uuid(id::text) from %s', oid::regclass), ' union all '
    )
    from pg_class
    where oid in (to_regclass('public.chat_rooms'), to_regclass('public.rooms'))
        and schema_fix.has_column(oid, 'id')
$$;

-- A condition that the keys of a table let a value into one of its columns. Where the other table does not show us its
-- rows, the key itself has to say no: to us everybody would be unknown.
create function schema_fix.passes_foreign_keys(target regclass, column_name name, value text) returns text
language sql
stable
as $$
    select coalesce(
        string_agg(
            case
                when row_security_active(key.confrelid)
                    or not has_column_privilege(key.confrelid, parent.attnum, 'select')
                    then 'true'
                else format(
                    'exists (select from %s as known where known.%I = %s)',
                    key.confrelid::regclass, parent.attname, value
                )
            end,
            ' and '
        ),
        'true'
    )
    from pg_constraint as key
    join pg_attribute as child
        on child.attrelid = key.conrelid
        and key.conkey = array[child.attnum]
    join pg_attribute as parent
        on parent.attrelid = key.confrelid
        and key.confkey = array[parent.attnum]
    where key.conrelid = target
        and key.contype = 'f'
        and child.attname = column_name
$$;

-- A time, or now where there is none and a column demands one.
create function schema_fix.time_or_now(target regclass, column_name name, expression text) returns text
language sql
stable
as $$
    select case
        when attnotnull then 'coalesce(' || expression || ', now())'
        else expression
    end
    from pg_attribute
    where attrelid = target
        and attname = column_name
$$;
