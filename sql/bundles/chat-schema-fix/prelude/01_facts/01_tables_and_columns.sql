--! Title: Tables and columns

-- The tables in public. A table of the first generation is read and stays; the others are what the fix arrives at.
create table schema_fix.tables (
    table_name name primary key,
    generation text not null check (generation in ('current', 'first')),
    holds text not null check (holds in ('rooms', 'members', 'messages')),
    lock_order integer not null unique
);
insert into schema_fix.tables
values
    ('chat_messages', 'current', 'messages', 1),
    ('chat_room_members', 'current', 'members', 2),
    ('room_members', 'current', 'members', 3),
    ('chat_rooms', 'current', 'rooms', 4),
    ('conversation_participants', 'first', 'members', 5),
    ('rooms', 'first', 'rooms', 6);

-- Their columns. A message's id keeps its type if that is a whole number. A column is required (true), may be null (false), or
-- is left as it is (null).
create table schema_fix.columns (
    table_name name not null,
    column_name name not null,
    column_type regtype not null,
    default_value text,
    is_required boolean,
    place integer generated always as identity,
    primary key (table_name, column_name)
);
insert into schema_fix.columns (table_name, column_name, column_type, default_value, is_required)
values
    ('chat_rooms', 'id', 'uuid', 'gen_random_uuid()', true),
    ('chat_rooms', 'type', 'text', '''group''', true),
    ('chat_rooms', 'title', 'text', null, false),
    ('chat_rooms', 'created_by', 'uuid', null, false),
    ('chat_rooms', 'created_at', 'timestamptz', 'now()', null),
    ('chat_rooms', 'updated_at', 'timestamptz', 'now()', null),
    ('chat_room_members', 'room_id', 'uuid', null, true),
    ('chat_room_members', 'user_id', 'uuid', null, true),
    ('chat_room_members', 'role', 'text', '''member''', true),
    ('chat_room_members', 'status', 'text', '''pending''', true),
    ('chat_room_members', 'invited_by', 'uuid', null, null),
    ('chat_room_members', 'created_at', 'timestamptz', 'now()', null),
    ('room_members', 'room_id', 'uuid', null, true),
    ('room_members', 'user_id', 'uuid', null, true),
    ('room_members', 'created_at', 'timestamptz', 'now()', null),
    ('chat_messages', 'room_id', 'uuid', null, true),
    ('chat_messages', 'sender', 'uuid', null, false),
    ('chat_messages', 'content', 'text', null, true),
    ('chat_messages', 'created_at', 'timestamptz', 'now()', null),
    ('chat_messages', 'updated_at', 'timestamptz', 'now()', null),
    ('chat_messages', 'id', 'uuid', 'gen_random_uuid()', true);
