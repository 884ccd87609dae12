--! Title: Tools that read the chat, wherever and however it is written

-- Which tables and columns there are, under whatever name; what a value means in the types of the fix; and, of these, the views that the
-- sections read: legacy_rooms, legacy_members and legacy_messages. Nothing here changes anything.
