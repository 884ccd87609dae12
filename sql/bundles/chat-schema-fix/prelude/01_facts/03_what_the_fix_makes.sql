--! Title: What the fix makes, and what one section leaves for another

-- The indexes that section 03 makes, as Postgres prints them, and definitions that do the same: the direction does not matter, since an
-- index is read both ways.
create table schema_fix.indexes (
    table_name name not null,
    index_name name not null,
    definition text not null,
    same_as text[] not null,
    place integer generated always as identity
);
insert into schema_fix.indexes (table_name, index_name, definition, same_as)
values
    -- The application's lists of groups and of conversations, and the newest first.
    ('chat_rooms', 'idx_chat_rooms_type', '(type)', '{}'),
    ('chat_rooms', 'idx_chat_rooms_created_at', '(created_at DESC)', array['(created_at)', '(created_at DESC NULLS LAST)']),
    -- The rooms that somebody created, for policies.
    ('chat_rooms', 'idx_chat_rooms_created_by', '(created_by)', '{}'),
    -- The rooms that somebody is in, for policies and the application. Who is in a room, the primary keys find.
    ('chat_room_members', 'idx_chat_room_members_user', '(user_id)', '{}'),
    ('room_members', 'idx_room_members_user', '(user_id)', '{}'),
    -- Who asks to join a group, for its admins.
    (
        'chat_room_members', 'idx_chat_room_members_pending', $$(room_id) WHERE (status = 'pending'::text)$$,
        array[$$(status) WHERE (status = 'pending'::text)$$, $$(room_id, user_id) WHERE (status = 'pending'::text)$$]
    ),
    -- The messages of a room, the newest first, and those that go with a room that is deleted.
    (
        'chat_messages', 'idx_chat_messages_room_created',
        -- mutant: no index for the messages of a room
        '(room_id, created_at DESC)', array['(room_id, created_at)', '(room_id DESC, created_at)']
    ),
    -- One's own messages, for policies, and the newest of all rooms.
    ('chat_messages', 'idx_chat_messages_sender', '(sender)', '{}'),
    ('chat_messages', 'idx_chat_messages_created', '(created_at DESC)', array['(created_at)', '(created_at DESC NULLS LAST)']);

-- The names of the policies that section 08 makes.
create table schema_fix.policies (
    table_name name not null,
    policy_name name not null
);
insert into schema_fix.policies
values
    ('chat_rooms', 'chat_rooms_read_own'),
    ('chat_rooms', 'chat_rooms_create_own'),
    ('chat_room_members', 'chat_room_members_read_own_rooms'),
    ('chat_room_members', 'chat_room_members_ask_or_invite'),
    ('chat_room_members', 'chat_room_members_ask_again_or_admit'),
    ('chat_room_members', 'chat_room_members_leave_or_remove'),
    ('chat_room_members', 'chat_room_members_keep_creator'),
    ('room_members', 'room_members_read_own_rooms'),
    ('room_members', 'room_members_add_nobody'),
    ('chat_messages', 'chat_messages_read_own_rooms'),
    ('chat_messages', 'chat_messages_send_as_oneself');

-- The names of the functions that sections 05 and 09 make for policies and for the application.
create table schema_fix.functions (function_name name not null);
insert into schema_fix.functions
values
    ('user_is_room_member'),
    ('user_is_group_member'),
    ('user_is_in_room'),
    ('user_is_group_admin'),
    ('create_group_room'),
    ('ensure_direct_conversation'),
    ('open_or_create_dm');

-- Those that everybody signed in may call and that insert into a table, as their owner.
create table schema_fix.inserting (table_name name primary key, functions text not null);
insert into schema_fix.inserting
values
    ('chat_rooms', 'create_group_room and open_or_create_dm'),
    ('chat_room_members', 'create_group_room'),
    ('room_members', 'open_or_create_dm');

-- By which names earlier generations of the application handed them their arguments; it calls them by those of today.
create table schema_fix.arguments (function_name name not null, argument_name name not null);
insert into schema_fix.arguments
select list.function_name, named
from (
    values
        ('create_group_room', '{p_creator,p_is_private,p_member_ids,p_name,creator,is_private,member_ids,name}'),
        ('ensure_direct_conversation', '{me,partner,other_user}'),
        ('open_or_create_dm', '{partner,other_user,create_missing}')
) as list (function_name, names)
cross join unnest(list.names::name[]) as named;

-- Those without which nobody calls them, each with its earlier names.
create table schema_fix.arguments_given (function_name name not null, argument_name name not null, known_as name[] not null);
insert into schema_fix.arguments_given
values
    ('create_group_room', 'p_creator', '{p_creator,creator}'),
    ('ensure_direct_conversation', 'me', '{me,other_user}'),
    ('ensure_direct_conversation', 'partner', '{partner,other_user}'),
    ('open_or_create_dm', 'partner', '{partner,other_user}');

-- What a call of them by those of today returns, as Postgres writes it.
create table schema_fix.results (function_name name primary key, argument_names name[] not null, result text not null);
insert into schema_fix.results
values
    ('create_group_room', '{p_creator,p_is_private,p_member_ids,p_name}', 'uuid'),
    ('ensure_direct_conversation', '{me,partner}', 'TABLE(output_room_id uuid)'),
    ('open_or_create_dm', '{partner}', 'uuid');

-- Rooms of the first generation that came after they were moved: section 01 finds them, section 11 reads their participants.
create table schema_fix.late_rooms (room_id uuid primary key);

-- Columns that section 01 renamed although functions of others use the former name: they keep a column of that name.
create table schema_fix.former_columns (target regclass, former_name name, current_name name);

-- What the former types of titles and words refused, too long or not of a domain: section 11 has a check refuse it.
create table schema_fix.limits (target regclass not null, column_name name not null, condition text not null);
