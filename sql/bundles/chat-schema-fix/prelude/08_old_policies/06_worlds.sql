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
            when holds = 'messages' then case when is_own then 'about their own message' else 'about a message of another' end
            when holds = 'members' then case
                when is_own then 'about their own membership'
                else format('about the membership of another (%s, %s)', row_role, row_status)
            end
        end
    )
    from schema_fix.worlds
    where world = wanted
$$;
