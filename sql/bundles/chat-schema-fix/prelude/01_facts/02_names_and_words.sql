--! Title: What columns and words are called, or were

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

-- What columns, tables and words that a column may hold are called that are for something else than words.
create view schema_fix.names_of_media (names, words) as
select format('(^|_)(%s)s?($|_)', said.list), format('''(%s)s?''', said.list)
from (values ('file|image|img|photo|picture|media|attachment|audio|voice|video|gif|sticker|location')) as said (list);
