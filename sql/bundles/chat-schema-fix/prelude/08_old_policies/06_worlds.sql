--! Title: The worlds of the small chat

-- What an old policy means is tried in every small world: somebody who is in no room, waits, is blocked, is a member or an admin,
-- asks about a row of their own or of another.

-- Who asks about what. The room of the row is `here`; status, role and is_creator say who the caller, `me`, is there.
create table schema_fix.worlds (
    -- With a key: a publication of all tables lets nothing else be updated.
    world integer generated always as identity primary key,
    holds text not null,
    type text not null,
    standing text not null check (standing in ('nowhere', 'elsewhere', 'here')),
    status text,
    role text,
    is_creator boolean not null,
    invited_by text,
    is_own boolean not null,
    has_room boolean not null default true,
    row_status text,
    row_role text,
    -- Of a message of another: who they are in the room; null: an approved admin.
    sender_is text check (sender_is in ('member', 'pending', 'blocked', 'gone', 'nobody')),
    -- Who made the room, where that is not the caller; null: somebody of whom nothing else is known.
    creator_is text check (creator_is in ('blocked', 'nobody')),
    -- The tables that say of the caller that they are here, of others that they are, and of the caller that they are elsewhere.
    held_in name[] not null default '{}',
    others_in name[] not null default '{}',
    elsewhere_in name[] not null default '{}'
);

-- A world in words.
create function schema_fix.describe_world(wanted integer) returns text
language sql
stable
as $$
    select concat_ws(
        ', ',
        case
            when not has_room then 'anybody'
            when is_creator and standing = 'nowhere' then 'the creator of a room'
            when is_creator then 'the creator and admin of a room'
            when standing <> 'here' then 'somebody who is not in the room'
            when status <> 'approved' then format('somebody whose status is %L', status)
            when role in ('member', 'admin') then format('an approved %s', role)
            else format('an approved member with the role %L', role)
        end || case when has_room then format(' (type %L)', type) else '' end,
        case
            when not has_room then 'about a message without a room'
            when holds = 'messages' then case
                when is_own then 'about their own message'
                when sender_is = 'gone' then 'about a message of somebody who is not in the room'
                when sender_is = 'nobody' then 'about a message without a sender'
                when sender_is in ('pending', 'blocked') then format('about a message of somebody whose status is %L', sender_is)
                when sender_is = 'member' then 'about a message of another, who is no admin'
                else 'about a message of another'
            end || case creator_is when 'nobody' then ', in a room without a creator' when 'blocked' then ', in a room whose creator is blocked' else '' end
            when holds = 'members' then case
                when is_own then 'about their own membership'
                else format('about the membership of another (%s, %s)', row_role, row_status)
            end
        end
    )
    from schema_fix.worlds
    where world = wanted
$$;

-- The tables that hold a membership of a room of some type: those in which most of them are. Where there is none, the table for that
-- type. Who waits or is blocked is in one that says so.
create function schema_fix.tables_of_members(wanted text, wants_approved boolean) returns name[]
language sql
stable
as $$
    select coalesce(
        (
            select held.tables
            from (
                select array_agg(distinct split_part(member.source, '.', 2)::name) as tables
                from schema_fix.legacy_members as member
                where (member.status = 'approved') = wants_approved
                    -- After the fix each type has its table, whatever copies stay elsewhere.
                    and not schema_fix.was_applied()
                    and exists (
                        select
                        from schema_fix.legacy_rooms as room
                        where room.id = member.room_id
                            and (room.type = wanted or room.word = wanted)
                    )
                group by member.room_id, member.user_id
            ) as held
            group by held.tables
            order by count(*) desc, held.tables
            limit 1
        ),
        (
            select array[present.table_name]
            from schema_fix.present_tables as present
            where present.holds = 'members'
                and (wants_approved or schema_fix.columns_for(present.table_id, 'status') <> '{}')
            order by
                present.generation = 'first',
                present.table_name = case schema_fix.meaning_of('type', wanted) when 'dm' then 'chat_room_members' else 'room_members' end
            limit 1
        ),
        '{}'
    )
$$;
