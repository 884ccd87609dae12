--! Title: Primary Key

-- Without its primary key a table takes the same row twice and a client's upsert is refused. Without a default for what the
-- client does not send, it cannot insert at all.
with expected (relation, columns) as (
    values
        ('public.chat_rooms', 'id'),
        ('public.chat_room_members', 'room_id, user_id'),
        ('public.room_members', 'room_id, user_id'),
        ('public.chat_messages', 'id')
),
primary_keys as (
    select
        expected.relation,
        'PRIMARY KEY (' || expected.columns || ')' as expected,
        pg_catalog.pg_get_constraintdef(primary_key.oid) as actual,
        index.indisvalid and not primary_key.condeferrable as is_usable
    from expected
    left join pg_catalog.pg_constraint as primary_key
        on primary_key.conrelid = pg_catalog.to_regclass(expected.relation)
        and primary_key.contype = 'p'
    left join pg_catalog.pg_index as index on index.indexrelid = primary_key.conindid
),
expected_columns (relation, name, type, is_required, has_default) as (
    values
        ('public.chat_rooms', 'id', 'uuid', true, true),
        ('public.chat_rooms', 'type', 'text', true, false),
        ('public.chat_rooms', 'title', 'text', false, false),
        ('public.chat_rooms', 'created_by', 'uuid', false, false),
        ('public.chat_room_members', 'room_id', 'uuid', true, false),
        ('public.chat_room_members', 'user_id', 'uuid', true, false),
        ('public.chat_room_members', 'role', 'text', true, false),
        ('public.chat_room_members', 'status', 'text', true, false),
        ('public.chat_room_members', 'invited_by', 'uuid', false, false),
        ('public.room_members', 'room_id', 'uuid', true, false),
        ('public.room_members', 'user_id', 'uuid', true, false),
        -- A legacy id keeps its type.
        ('public.chat_messages', 'id', null, true, true),
        ('public.chat_messages', 'room_id', 'uuid', true, false),
        ('public.chat_messages', 'sender', 'uuid', false, false),
        ('public.chat_messages', 'content', 'text', true, false),
        ('public.chat_messages', 'created_at', 'timestamp with time zone', false, true)
),
columns as (
    select
        expected_columns.*,
        attribute.attname is not null as exists,
        -- A time of less precision is one.
        pg_catalog.format_type(attribute.atttypid, null) as actual_type,
        attribute.attnotnull as is_not_null,
        -- A constant would be the same for each row: only identity or a function's result will do.
        attribute.attidentity <> ''
            or pg_catalog.pg_get_expr(attribute_default.adbin, attribute_default.adrelid)
                ~ '\(.*\)|CURRENT_(DATE|TIMESTAMP)|LOCALTIMESTAMP' as is_filled
    from expected_columns
    left join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = pg_catalog.to_regclass(expected_columns.relation)
        and attribute.attname = expected_columns.name
        and not attribute.attisdropped
    left join pg_catalog.pg_attrdef as attribute_default
        on attribute_default.adrelid = attribute.attrelid and attribute_default.adnum = attribute.attnum
)
select
    relation as object,
    expected,
    case
        when pg_catalog.to_regclass(relation) is null then 'no such table'
        else coalesce(actual, 'no primary key')
    end as actual,
    coalesce(actual = expected and is_usable, false) as pass
from primary_keys
union all
select
    relation || '.' || name as object,
    pg_catalog.concat_ws(
        ', ', type, case when is_required then 'not null' end,
        case when has_default then 'a new default for each row' end
    ) as expected,
    case
        when pg_catalog.to_regclass(relation) is null then 'no such table'
        when not exists then 'no such column'
        else pg_catalog.concat_ws(
            ', ', actual_type, case when is_not_null then 'not null' else 'nullable' end,
            case when is_filled then 'a new default for each row' when has_default then 'no such default' end
        )
    end as actual,
    exists
        and actual_type = coalesce(type, actual_type)
        and is_not_null >= is_required
        and coalesce(is_filled, false) >= has_default as pass
from columns
union all
select
    'public.chat_messages, a new message without a sender' as object,
    'refused by ' || wanted.definition as expected,
    case
        when guard.oid is null then 'no such trigger'
        else pg_catalog.pg_get_triggerdef(guard.oid) || case when guard.tgenabled in ('D', 'R') then ', disabled' else '' end
    end as actual,
    coalesce(pg_catalog.pg_get_triggerdef(guard.oid) = wanted.definition and guard.tgenabled not in ('D', 'R'), false) as pass
from (
    values (
        'CREATE TRIGGER chat_messages_need_a_sender AFTER INSERT ON public.chat_messages FOR EACH ROW'
            ' WHEN ((new.sender IS NULL)) EXECUTE FUNCTION public.refuse_message_of_nobody()'
    )
) as wanted (definition)
left join pg_catalog.pg_trigger as guard
    on guard.tgrelid = pg_catalog.to_regclass('public.chat_messages') and guard.tgname = 'chat_messages_need_a_sender'
order by object;
