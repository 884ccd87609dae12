--! Title: The newest messages of all of one's rooms
select * from public.chat_messages order by created_at desc limit 200
