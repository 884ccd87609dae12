--! Title: What has to be decided about a chat that the fix does not know

-- Where none of the fix's tables is there, it would make them, empty, beside whatever is: a table with words, a sender and a room, by a key or by a
-- name of the facts', is a chat all the same, and nothing of it would be repaired.
create view schema_fix.decisions_about_another_chat (name, problem, may_be_acknowledged) as
select
    relation.oid::regclass::text,
    format(
        '%s looks like the messages of a chat%s, and none of the tables of the fix is there: it would make four empty ones beside it, and repair'
            ' nothing. It is another application''s fix; or the tables have to be renamed first: to chat_messages, chat_rooms and chat_room_members',
        relation.oid::regclass,
        ' in ' || string_agg(distinct key.confrelid::regclass::text, ', ') filter (where known.column_name = 'room_id')
    ),
    true
from schema_fix.column_names as known
join pg_attribute as attribute
    on schema_fix.spelling(attribute.attname) = schema_fix.spelling(known.known_as)
    and attribute.attnum > 0
    and not attribute.attisdropped
join pg_class as relation
    on relation.oid = attribute.attrelid
    and relation.relkind in ('r', 'p')
    and not relation.relispartition
    and relation.relnamespace = 'public'::regnamespace
left join pg_constraint as key
    on key.conrelid = relation.oid
    and key.contype = 'f'
    and key.conkey = array[attribute.attnum]
-- mutant: a chat of other tables is left as it is without a word
where known.table_name = 'chat_messages'
    and known.column_name in ('room_id', 'sender', 'content')
    and not exists (select from schema_fix.present_tables)
    and not schema_fix.was_applied()
group by relation.oid
having count(distinct known.column_name) = 3;
