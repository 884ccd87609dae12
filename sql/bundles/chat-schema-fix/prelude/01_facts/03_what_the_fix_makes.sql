--! Title: What the fix makes, and what one section leaves for another

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
