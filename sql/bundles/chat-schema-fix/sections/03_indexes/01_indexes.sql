--! Title: The indexes
--! Remains: indexes for the application's queries and for the policies

-- Each is made unless one of any name does the same. The direction does not matter, since an index is read both ways.
select schema_fix.ensure_index('public.chat_rooms', 'idx_chat_rooms_type', '(type)');
select schema_fix.ensure_index('public.chat_rooms', 'idx_chat_rooms_created_by', '(created_by)');
select schema_fix.ensure_index(
    'public.chat_rooms', 'idx_chat_rooms_created_at', '(created_at DESC)', '(created_at)', '(created_at DESC NULLS LAST)'
);
select schema_fix.ensure_index('public.chat_room_members', 'idx_chat_room_members_user', '(user_id)');
select schema_fix.ensure_index(
    'public.chat_room_members', 'idx_chat_room_members_pending',
    $$(room_id) WHERE (status = 'pending'::text)$$,
    $$(status) WHERE (status = 'pending'::text)$$,
    $$(room_id, user_id) WHERE (status = 'pending'::text)$$
);
select schema_fix.ensure_index('public.room_members', 'idx_room_members_user', '(user_id)');
select schema_fix.ensure_index(
    -- mutant: no index for the messages of a room
    'public.chat_messages', 'idx_chat_messages_room_created',
    '(room_id, created_at DESC)', '(room_id, created_at)', '(room_id DESC, created_at)'
);
select schema_fix.ensure_index('public.chat_messages', 'idx_chat_messages_sender', '(sender)');
select schema_fix.ensure_index(
    'public.chat_messages', 'idx_chat_messages_created', '(created_at DESC)', '(created_at)', '(created_at DESC NULLS LAST)'
);
