--! Title: Primary Key

-- Without its primary key a table takes the same row twice and a client's upsert is refused. Without a default for the id
-- the client, which sends none, cannot insert at all.
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
id_defaults as (
    select
        expected.relation,
        pg_catalog.format_type(attribute.atttypid, null) as type,
        case
            when attribute.attidentity <> '' then 'identity'
            else pg_catalog.pg_get_expr(attribute_default.adbin, attribute_default.adrelid)
        end as actual
    from expected
    left join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = pg_catalog.to_regclass(expected.relation)
        and attribute.attname = 'id'
        and not attribute.attisdropped
    left join pg_catalog.pg_attrdef as attribute_default
        on attribute_default.adrelid = attribute.attrelid and attribute_default.adnum = attribute.attnum
    where expected.columns = 'id'
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
    relation || '.id default' as object,
    'a new one for each row' as expected,
    case
        when pg_catalog.to_regclass(relation) is null then 'no such table'
        when type is null then 'no such column'
        else coalesce(type || ', ' || actual, type || ', none')
    end as actual,
    -- A constant would be the same for each: only identity or a function's result will do.
    coalesce(actual = 'identity' or actual like '%(%)%', false) as pass
from id_defaults
order by object;
