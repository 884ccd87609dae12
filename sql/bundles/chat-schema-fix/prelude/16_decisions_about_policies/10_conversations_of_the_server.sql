--! Title: What has to be decided about conversations and groups that only the server makes, in the table of the others

-- Whether each of them is there, with row level security.
create function schema_fix.are_guarded(table_names name[]) returns boolean
language sql
stable
return not exists (
    select
    from unnest(table_names) as wanted (name)
    left join pg_class as relation
        on relation.oid = schema_fix.table_called(wanted.name)
    where relation.relrowsecurity is not true
);

-- Conversations of two with memberships in chat_room_members, where row level security is on, and no policy and no function makes any: the server
-- does, past the policies, and it goes on inserting memberships that let nobody in.
create view schema_fix.decisions_about_conversations_of_the_server (name, problem, may_be_acknowledged) as
select
    'public.chat_room_members.dm',
    'conversations of two have their memberships in public.chat_room_members, and no policy and no function makes such: the server does; with the fix'
        ' these move to public.room_members, and nobody would be in one that it opens from then on: let it insert them into public.room_members,'
        ' or call ensure_direct_conversation',
    true
where schema_fix.has_conversations_that_move()
    -- mutant: a conversation that the server opens lets nobody in
    and schema_fix.are_guarded('{chat_rooms,chat_room_members}')
    and not exists (select from schema_fix.recursive_policies)
    and not schema_fix.people_make_conversations()
    and not exists (
        select
        from schema_fix.functions_called as called
        join schema_fix.words as known
            on known.column_name = 'type'
            and known.means = 'dm'
            and strpos(called.source_with_constants, quote_literal(known.word)) > 0
        where called.source ~ schema_fix.table_after('into', 'chat_rooms')
            or called.source ~ schema_fix.table_after('into', 'chat_room_members')
    )
    and not schema_fix.was_applied()
union all
-- The same of groups with memberships in room_members.
-- mutant: a group that the server makes lets nobody in
select
    'public.room_members.group',
    'groups have their memberships in public.room_members, and no policy and no function makes such: the server does; with the fix these move to'
        ' public.chat_room_members, and nobody would be in one that it makes from then on: let it insert them into public.chat_room_members, or call'
        ' create_group_room',
    true
where exists (
        select
        from schema_fix.legacy_members as member
        join schema_fix.legacy_rooms as room
            on room.id = member.room_id
            and room.type = 'group'
        where member.source = 'public.room_members'
            and member.status = 'approved'
            and not exists (select from schema_fix.legacy_rooms as other where other.id = room.id and other.type = 'dm')
            and not exists (
                select
                from schema_fix.legacy_members as other
                where other.source = 'public.chat_room_members' and other.room_id = member.room_id
            )
    )
    and schema_fix.are_guarded('{chat_rooms,room_members}')
    and not exists (select from schema_fix.recursive_policies)
    and not exists (
        select from schema_fix.writing_policies where table_name = 'room_members' and command in ('a', '*') and allows <> 'false'
    )
    and not exists (
        select from schema_fix.functions_called as called where called.source ~ schema_fix.table_after('into', 'room_members')
    )
    and not schema_fix.was_applied();
