--! Title: Foreign Key

-- What a room takes along when it is deleted: one valid key on room_id, to chat_rooms, cascading, and no second one.
with expected (relation, key_name) as (
    values
        ('public.chat_messages', 'chat_messages_room_id_fkey'),
        ('public.chat_room_members', null),
        ('public.room_members', null)
),
actual as (
    select
        expected.relation,
        expected.key_name,
        foreign_key.conname,
        pg_catalog.pg_get_constraintdef(foreign_key.oid) as definition,
        foreign_key.conname = coalesce(expected.key_name, foreign_key.conname)
            and foreign_key.convalidated
            and foreign_key.confrelid = pg_catalog.to_regclass('public.chat_rooms')
            and foreign_key.confdeltype = 'c'
            and pg_catalog.pg_get_constraintdef(foreign_key.oid) like 'FOREIGN KEY (room_id) REFERENCES %(id) %' as is_right
    from expected
    left join pg_catalog.pg_constraint as foreign_key
        on foreign_key.conrelid = pg_catalog.to_regclass(expected.relation)
        and foreign_key.contype = 'f'
        and exists (
            select
            from pg_catalog.pg_attribute as attribute
            where attribute.attrelid = foreign_key.conrelid
                and attribute.attname = 'room_id'
                and attribute.attnum = any (foreign_key.conkey)
        )
)
select
    actual.relation || '.room_id' as object,
    coalesce(actual.key_name || ' ', '')
        || 'FOREIGN KEY (room_id) REFERENCES public.chat_rooms(id) ON DELETE CASCADE' as expected,
    case
        when pg_catalog.to_regclass(actual.relation) is null then 'no such table'
        else coalesce(
            pg_catalog.string_agg(actual.conname || ' ' || actual.definition, '; ' order by actual.conname),
            'no foreign key'
        )
    end as actual,
    pg_catalog.count(actual.conname) = 1 and coalesce(pg_catalog.bool_and(actual.is_right), false) as pass
from actual
group by actual.relation, actual.key_name
order by actual.relation;
