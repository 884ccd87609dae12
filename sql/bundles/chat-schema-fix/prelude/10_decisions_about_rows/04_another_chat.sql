--! Title: What has to be decided about a chat that the fix does not know

-- Where none of the fix's tables is there, it would make them, empty, beside whatever is: a table with words, a sender and a room, by a key or by a
-- name of the facts', is a chat all the same, and nothing of it would be repaired.
create view schema_fix.decisions_about_another_chat (name, problem, may_be_acknowledged) as
select
    said.table_id::text,
    format(
        '%s looks like the messages of a chat%s, and none of the tables of the fix is there: it would make four empty ones beside it, and repair'
            ' nothing. It is another application''s fix; or the tables have to be renamed first: to chat_messages, chat_rooms and chat_room_members, in the schema'
            ' public',
        said.table_id,
        ' in ' || string_agg(distinct key.confrelid::regclass::text, ', ') filter (where said.column_name = 'room_id')
    ),
    true
from schema_fix.columns_as_of_messages as said
left join pg_constraint as key
    on key.conrelid = said.table_id
    and key.contype = 'f'
    and key.conkey = array[said.place]
-- mutant: a chat of other tables is left as it is without a word
where not exists (select from schema_fix.present_tables)
    and not schema_fix.was_applied()
group by said.table_id
having count(distinct said.column_name) = 3;
