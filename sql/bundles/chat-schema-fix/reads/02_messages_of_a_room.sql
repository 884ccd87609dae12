--! Title: The messages of one room, by time
select *
from public.chat_messages
where room_id = (select room_id from public.chat_messages order by created_at desc limit 1)
order by created_at
