--! Title: What has to be decided about messages and rooms that nobody would read

create view schema_fix.decisions_about_what_nobody_reads (name, problem, may_be_acknowledged) as
-- Messages of which none is in a room that the fix knows: from one person to another, in a room that is but a word, or kept elsewhere.
select
    'public.chat_messages',
    case
        when schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'room_id') = '{}'
            then 'no column of public.chat_messages says which room a message is in'
        else 'no message of public.chat_messages is in a room of public.chat_rooms or public.rooms'
    end || ', so nobody would read them any more: write the id of the room into room_id, and the room into public.chat_rooms; or acknowledge it, if'
        ' nobody is to read them',
    true
where (
        exists (select from schema_fix.legacy_messages)
        -- Without rows, too, a table that names no room is another application's.
        or schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'room_id') = '{}'
        and schema_fix.table_called('chat_messages') is not null
    )
    and not exists (
        select
        from schema_fix.legacy_messages as message
        join schema_fix.legacy_rooms as room
            on room.id = message.room_id
    )
    and not schema_fix.was_applied()
union all
-- Messages of which nobody sent any, as far as ids of accounts can tell: numbers of another table, names, addresses.
select
    'public.chat_messages.sender',
    'no sender in public.chat_messages is the id of an account, so nobody would know their own messages: write the ids of accounts into it',
    true
where exists (select from schema_fix.legacy_messages where btrim(sender_word) <> '')
    and not exists (select from schema_fix.legacy_messages where sender is not null)
    and not schema_fix.was_applied()
union all
-- Rooms without any membership: whoever could read them by another rule would lose access.
select
    'public.chat_room_members',
    (
        select case count(*)
            when 0 then case
                when exists (select from schema_fix.legacy_messages where sender is not null)
                    or exists (select from schema_fix.legacy_rooms where created_by is not null)
                    then 'nobody is a member of any room, so nobody would read them any more but those who wrote there: write who is in which room'
                        ' into chat_room_members or room_members'
                -- Visitors chat, under a name that they type.
                else 'no room, membership or message names an account, and with the fix only accounts read and write, while visitors can do'
                    ' nothing: the fix is not for a chat without accounts; let people sign in first (anonymously, if they are to give no address), and'
                    ' write who is in which room into chat_room_members'
            end
            else format(
                'nobody is an approved member of any room: all of %s memberships wait or are blocked by what they say, so nobody would read'
                    ' them any more but those who wrote there: write approved for who is in the room',
                count(*)
            )
        end
        from schema_fix.legacy_members
        where user_id is not null
    ),
    true
where not exists (
        select
        from schema_fix.legacy_members as member
        join schema_fix.legacy_rooms as room
            on room.id = member.room_id
        where member.user_id is not null
            and member.status = 'approved'
    )
    and not schema_fix.was_applied()
    and exists (
        select
        from schema_fix.legacy_rooms as room
        where room.created_by is null
            or exists (
                select
                from schema_fix.legacy_members as member
                where member.room_id = room.id
                    and btrim(member.word) <> ''
                    and schema_fix.meaning_of('status', member.word) is null
            )
            or exists (
                select
                from schema_fix.legacy_messages as message
                where message.room_id = room.id
                    and message.sender <> room.created_by
            )
    )
union all
-- A column of messages that names somebody beside the sender, of messages that are in no room: from one person to another. They would go to
-- quarantine. Without a message its name tells.
-- mutant: messages to one person go to quarantine without a word
select
    format('%s.%I', message.table_id, attribute.attname),
    format(
        '%s.%I names whom messages without a room are for, and the fix moves these to quarantine, and gives every new one a room: make a'
            ' room of each two first (open_or_create_dm)',
        message.table_id, attribute.attname
    ),
    true
from schema_fix.present_tables as message
cross join lateral unnest(schema_fix.columns_for(message.table_id, 'room_id')) as room (name)
join pg_attribute as placed
    on placed.attrelid = message.table_id
    and placed.attname = room.name
    and not placed.attnotnull
cross join lateral (select (schema_fix.columns_for(message.table_id, 'sender'))[1] as name) as sender
join pg_attribute as attribute
    on attribute.attrelid = message.table_id
    and attribute.attnum > 0
    and not attribute.attisdropped
    and attribute.atttypid in ('uuid'::regtype, 'text'::regtype, 'character varying'::regtype)
    and attribute.attname not in (select known.name from schema_fix.known_columns as known where known.table_id = message.table_id)
where message.holds = 'messages'
    and not schema_fix.was_applied()
    and case
        when exists (select from schema_fix.legacy_messages) then schema_fix.names_people(
            message.table_id, attribute.attname,
            format(
                'named.%I is null and named.%I::text is distinct from %s',
                room.name, attribute.attname, case when sender.name is null then 'null' else format('named.%I::text', sender.name) end
            )
        )
        else attribute.attname ~* '^(receiver|recipient|addressee|to_?user|target_?user|other_?user|partner|peer)'
    end
union all
-- Messages without a room that a function asks for: a lobby, an announcement. They go to quarantine.
select
    used.function_id::text,
    format(
        'the function %s asks for messages without a room: the fix moves these to quarantine, and with it every new message has one: give them a'
            ' room before, and ask for that',
        used.function_id
    ),
    true
from schema_fix.functions_in_use as used
cross join lateral unnest(schema_fix.columns_for(schema_fix.table_called('chat_messages'), 'room_id')) as room (name)
join pg_attribute as attribute
    on attribute.attrelid = schema_fix.table_called('chat_messages')
    and attribute.attname = room.name
    and not attribute.attnotnull
where used.source ~ schema_fix.table_after('from|join|update|using', 'chat_messages')
    and used.source ~ format('\m%s"?\)?\s+is\s+(not\s+distinct\s+from\s+)?null\M', lower(room.name))
    and not schema_fix.was_applied()
group by used.function_id
union all
-- Functions and views that go by the policies with the rights of a role of their own: those of the fix are for signed-in users alone.
select
    going.callable,
    format(
        '%s %s goes by the policies with the rights of %s, and with the fix no policy lets this role use %s: give it to the owner of the table'
            ' and let it check who is a member, or make a policy for the role afterwards',
        going.kind, going.callable, going.owner::regrole, string_agg(distinct going.table_id::text, ', ')
    ),
    true
from (
    select 'the function' as kind, used.function_id::text as callable, routine.proowner as owner, present.table_id
    from schema_fix.functions_in_use as used
    join pg_proc as routine
        on routine.oid = used.function_id
        and routine.prosecdef
    -- What it calls runs with its rights, or with those of its own owner.
    join pg_proc as called
        on called.oid = used.called_id
        and (called.oid = routine.oid or not called.prosecdef)
    join schema_fix.present_tables as present
        on present.generation = 'current'
        and used.source ~ schema_fix.table_after('from|join|using|into|update|truncate|,', present.table_name)
    union all
    select 'the view', view.oid::regclass::text, view.relowner, present.table_id
    from schema_fix.present_tables as present
    join pg_class as view
        on view.relkind = 'v'
        and schema_fix.reads_for_its_owner(view.oid)
        and schema_fix.reads(view.oid, present.table_id)
    where present.generation = 'current'
) as going
join pg_class as relation
    on relation.oid = going.table_id
join pg_roles as owner
    on owner.oid = going.owner
    and not owner.rolsuper
    and not owner.rolbypassrls
where not schema_fix.was_applied()
    -- The policies hold neither for the owner of the table nor for who has their rights; those of the fix hold for signed-in users.
    and not pg_has_role(going.owner, relation.relowner, 'usage')
    and not pg_has_role(going.owner, 'authenticated', 'usage')
    and (
        has_any_column_privilege(going.owner, going.table_id, 'select, insert, update')
        or has_table_privilege(going.owner, going.table_id, 'delete')
    )
    and (
        not relation.relrowsecurity
        or exists (
            select
            from schema_fix.old_policies as policy
            join pg_policy as old
                on old.oid = policy.policy_id
            cross join lateral unnest(old.polroles) as let_in (role)
            where policy.table_id = going.table_id
                and (let_in.role = 0 or pg_has_role(going.owner, let_in.role, 'usage'))
        )
    )
group by going.kind, going.callable, going.owner;
