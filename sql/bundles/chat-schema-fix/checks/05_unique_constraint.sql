--! Title: Unique Constraint

-- One group of a name for each creator: an index of this name that is not unique, not valid or on other columns prevents
-- nothing. Then the indexes that the application's queries need, under whatever names.
with unique_index as (
    select
        wanted.name,
        wanted.definition as expected,
        existing.indexrelid,
        existing.indisvalid and existing.indisready and existing.indislive as is_valid,
        existing.indimmediate as is_immediate,
        -- As the definition reads on a title that is varchar.
        pg_catalog.replace(
            pg_catalog.replace(pg_catalog.pg_get_indexdef(existing.indexrelid), '(title)::text', 'title'),
            '(type)::text', 'type'
        ) as actual
    from (
        values (
            'idx_chat_rooms_unique_group',
            'CREATE UNIQUE INDEX idx_chat_rooms_unique_group ON public.chat_rooms'
                ' USING btree (created_by, md5(lower(btrim(title)))) WHERE (type = ''group''::text)'
        )
    ) as wanted (name, definition)
    left join pg_catalog.pg_index as existing on existing.indexrelid = pg_catalog.to_regclass('public.' || wanted.name)
),
needed (relation, columns, predicate) as (
    values
        ('public.chat_messages', array['room_id', 'created_at'], null),
        ('public.chat_messages', array['sender'], null),
        ('public.chat_messages', array['created_at'], null),
        ('public.chat_room_members', array['room_id'], null),
        ('public.chat_room_members', array['user_id'], null),
        ('public.chat_room_members', array[]::text[], '(status = ''pending''::text)'),
        ('public.room_members', array['room_id'], null),
        ('public.room_members', array['user_id'], null),
        ('public.chat_rooms', array['type'], null),
        ('public.chat_rooms', array['created_by'], null),
        ('public.chat_rooms', array['created_at'], null)
),
existing as (
    select
        index.indrelid as relation,
        name.relname as name,
        array(
            select coalesce(attribute.attname::text, '')
            from pg_catalog.unnest(index.indkey) with ordinality as key (number, position)
            left join pg_catalog.pg_attribute as attribute
                on attribute.attrelid = index.indrelid and attribute.attnum = key.number and key.number <> 0
            order by key.position
        ) as columns,
        pg_catalog.replace(
            pg_catalog.pg_get_expr(index.indpred, index.indrelid), '(status)::text', 'status'
        ) as predicate
    from pg_catalog.pg_index as index
    join pg_catalog.pg_class as name on name.oid = index.indexrelid
    join pg_catalog.pg_am as method on method.oid = name.relam and method.amname = 'btree'
    where index.indisvalid and index.indisready and index.indislive
)
select
    'public.' || name as object,
    expected,
    case
        when indexrelid is null then 'no such index'
        when not is_valid then actual || ' (invalid)'
        when not is_immediate then actual || ' (deferrable)'
        else actual
    end as actual,
    coalesce(is_valid and is_immediate and actual = expected, false) as pass
from unique_index
union all
select
    needed.relation || coalesce(' (' || nullif(pg_catalog.array_to_string(needed.columns, ', '), '') || ')', '')
        || coalesce(' where ' || needed.predicate, '') as object,
    'an index' as expected,
    case
        when pg_catalog.to_regclass(needed.relation) is null then 'no such table'
        else coalesce(pg_catalog.string_agg(existing.name, ', ' order by existing.name), 'no index')
    end as actual,
    pg_catalog.count(existing.name) > 0 as pass
from needed
left join existing
    on existing.relation = pg_catalog.to_regclass(needed.relation)
    and existing.columns[1:pg_catalog.cardinality(needed.columns)] = needed.columns
    and existing.predicate is not distinct from needed.predicate
group by needed.relation, needed.columns, needed.predicate
order by object;
