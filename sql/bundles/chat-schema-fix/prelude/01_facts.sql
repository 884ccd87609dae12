--! Title: Facts

-- What the fix knows about chat databases, one fact a row. The sections and the manifest read it here; the checks do not, so
-- that a wrong fact cannot pass itself. To teach the fix another name or word, add it to its list.

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

-- What each column is or was called, by table; the first that exists and has a value counts. Spelling
-- does not matter: senderId is sender_id.
create table schema_fix.column_names (
    table_name name not null,
    column_name name not null,
    known_as name not null,
    rank integer not null,
    primary key (table_name, column_name, known_as)
);
insert into schema_fix.column_names
select column_of.table_name, list.column_name, known.name, known.rank
from (
    values
        ('{chat_rooms}', 'id', '{id,room_id}'),
        ('{rooms}', 'id', '{id}'),
        ('{chat_rooms}', 'type', '{type,kind,room_type}'),
        ('{rooms}', 'type', '{kind,type,room_type}'),
        ('{chat_rooms,rooms}', 'title', '{title,name,room_name,group_name}'),
        ('{rooms}', 'slug', '{slug}'),
        ('{chat_rooms,rooms}', 'created_by', '{created_by,creator_id,creator,owner_id}'),
        ('{chat_rooms,rooms}', 'created_at', '{created_at,inserted_at}'),
        ('{chat_rooms,rooms,chat_messages}', 'updated_at', '{updated_at}'),
        (
            '{chat_room_members,room_members,conversation_participants}', 'room_id',
            '{room_id,conversation_id,chat_id,chat_room_id}'
        ),
        (
            '{chat_room_members,room_members,conversation_participants}', 'user_id',
            '{user_id,participant_id,profile_id,member_id,user}'
        ),
        ('{chat_room_members,room_members,conversation_participants}', 'role', '{role,member_role}'),
        (
            '{chat_room_members,room_members,conversation_participants}', 'status',
            '{status,state,member_status,membership_status}'
        ),
        ('{chat_room_members}', 'invited_by', '{invited_by}'),
        (
            '{chat_room_members,room_members,conversation_participants}', 'created_at', '{created_at,joined_at,inserted_at}'
        ),
        ('{chat_messages}', 'id', '{id,message_id}'),
        ('{chat_messages}', 'room_id', '{room_id,conversation_id,chat_id,chat_room_id,thread_id,channel_id}'),
        (
            '{chat_messages}', 'sender',
            -- mutant: the older sender column is not read
            '{sender,sender_id,author_id,user_id,from_user_id,from_user,from_id,from,sent_by,author,profile_id,created_by}'
        ),
        ('{chat_messages}', 'content', '{content,message,body,text,message_text}'),
        ('{chat_messages}', 'created_at', '{created_at,sent_at,inserted_at,timestamp}')
) as list (tables, column_name, names)
cross join unnest(list.tables::name[]) as column_of (table_name)
cross join unnest(list.names::name[]) with ordinality as known (name, rank);

-- Columns that say it by a boolean that is true, or by a time that is not null.
create table schema_fix.flags (
    column_name name not null,
    known_as name not null,
    means text not null,
    -- Whether a new row has to be let in, as far as it says.
    may_wait boolean not null
);
insert into schema_fix.flags
select list.column_name, known.name, list.means, list.may_wait
from (
    values
        -- mutant: who is blocked by another column than a status is let in
        ('status', 'blocked', false, '{is_blocked,blocked,blocked_at,is_banned,banned,banned_at,kicked_at,removed_at}'),
        ('status', 'pending', true, '{is_pending,pending,is_invited,invited}'),
        ('status', 'pending', false, '{has_left,is_left,left_at,deleted_at,rejected_at}'),
        -- mutant: who was never let in, says another column than a status, is let in
        ('status', 'approved', true, '{is_approved,approved,approved_at,is_accepted,accepted,accepted_at,is_confirmed,confirmed,is_active}'),
        ('role', 'admin', false, '{is_admin}'),
        ('type', 'group', false, '{is_group}')
) as list (column_name, means, may_wait, names)
cross join unnest(list.names::name[]) as known (name);

-- Words, compared in lower case and without the blanks around them, and what they mean.
create table schema_fix.words (
    column_name name not null,
    word text not null,
    means text not null,
    primary key (column_name, word)
);
insert into schema_fix.words
select list.column_name, known.word, list.means
from (
    values
        (
            'type', 'dm',
            '{dm,dms,direct,direct_message,direct-message,direct_chat,im,pm,private_message,one_to_one,one-to-one,onetoone,one_on_one,one-on-one,'
            'oneonone,one2one,1:1,1-1,1_1,1to1,1-to-1,1_to_1,1on1,1-on-1,1_on_1,1v1,p2p}'
        ),
        ('type', 'group', '{group,group_chat,group-chat,channel,team,public}'),
        ('status', 'approved', '{approved}'),
        -- mutant: whoever waits among the people of a direct conversation is one of them
        ('status', 'pending', '{pending,invited,requested,requesting,waiting,awaiting,unapproved,unconfirmed,pending_approval,awaiting_approval}'),
        -- Who left waits for nothing: nobody is to let them in again by mistake.
        -- mutant: a banned member only waits
        ('status', 'blocked', '{blocked,banned,kicked,kicked_out,removed,expelled,revoked,rejected,refused,denied,declined,suspended,left,quit,exited,departed,withdrawn,former}'),
        ('role', 'admin', '{admin}'),
        ('role', 'member', '{member}')
) as list (column_name, means, words)
cross join unnest(list.words::text[]) as known (word);

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
