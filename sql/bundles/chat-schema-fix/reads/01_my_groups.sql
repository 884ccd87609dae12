--! Title: The groups that one is in
select member.room_id, room.id, room.type, room.title, room.created_by
from public.chat_room_members as member
inner join public.chat_rooms as room on member.room_id = room.id
where member.user_id = (select auth.uid()) and member.status = 'approved'
