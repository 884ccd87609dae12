--! Title: The helpers
--! Remains: four functions that policies call and, for the application, user_is_group_member; authenticated and service_role may execute them

-- create_helper drops or renames a function of the same name with another result or ambiguous arguments. One that can be replaced
-- keeps the name of its argument, since policies of other tables may depend on it: so the body says $1. The role that runs the fix
-- becomes the owner of each.

-- Whether the caller is one of the two people of a direct conversation, and not blocked in it.
select schema_fix.create_helper($create$
create or replace function public.user_is_room_member(p_room_id uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select
        from public.room_members as person
        join public.chat_rooms as room on room.id = person.room_id
        where person.room_id = $1
            and person.user_id = (select public.chat_user_id())
            and room.type = 'dm'
            and not exists (
                select
                from public.chat_room_members as member
                where member.room_id = person.room_id
                    and member.user_id = person.user_id
                    and member.status = 'blocked'
            )
    )
$$
$create$);
select schema_fix.explain(
    'public.user_is_room_member(uuid)',
    'Whether the caller is one of the two people of a direct conversation, and not blocked in it.'
);

-- Whether the caller is an approved member of a group.
-- mutant: who waits counts as a member
select schema_fix.create_helper($create$
create or replace function public.user_is_group_member(p_room_id uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select
        from public.chat_room_members as member
        join public.chat_rooms as room on room.id = member.room_id
        where member.room_id = $1
            and member.user_id = (select public.chat_user_id())
            and member.status = 'approved'
            and room.type = 'group'
    )
$$
$create$);
select schema_fix.explain('public.user_is_group_member(uuid)', 'Whether the caller is an approved member of a group.');

-- Whether created_by gives the caller access to a room that they created: nobody has a membership in it and nobody else has written in it,
-- or the caller has added others and not yet themself (begun_rooms). Otherwise it gives none: whoever inserts a room may take the id of a
-- room of others. Of any other room it is true, so that a call through the API does not tell which rooms there are: the policies and
-- functions that call it compare created_by first.
-- mutant: whoever adds others before themself is out
-- mutant: whoever asks learns which rooms there are
select schema_fix.create_helper($create$
create or replace function public.chat_room_is_unused(p_room_id uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select not exists (
        select
        from public.chat_rooms as room
        where room.id = $1
            and room.created_by = (select public.chat_user_id())
            and not exists (select from chat_access.begun_rooms as begun where begun.room_id = room.id)
            and (
                exists (select from public.chat_room_members as member where member.room_id = room.id)
                or exists (select from public.room_members as person where person.room_id = room.id)
                or exists (
                    select
                    from public.chat_messages as message
                    where message.room_id = room.id
                        and message.sender is distinct from (select public.chat_user_id())
                )
            )
    )
$$
$create$);
select schema_fix.explain(
    'public.chat_room_is_unused(uuid)',
    'Whether created_by gives the caller access to their room: while nobody else uses it, or they have not entered it yet. True of rooms of'
    ' others, which it must not reveal.'
);

-- Whether the caller is in a room: as one of the two, as an approved member, or as the creator of a room that nobody uses yet.
-- mutant: helpers read with the caller's rights, and policies ask themselves
-- mutant: helpers have no search path of their own
-- mutant: a blocked creator is in the room
-- mutant: who waits is in the room
-- mutant: whoever made a room cannot read it
-- mutant: created_by counts in a room that others use
select schema_fix.create_helper($create$
create or replace function public.user_is_in_room(p_room_id uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select
        from public.chat_rooms as room
        left join public.room_members as person
            on person.room_id = room.id and person.user_id = (select public.chat_user_id()) and room.type = 'dm'
        left join public.chat_room_members as member
            on member.room_id = room.id and member.user_id = (select public.chat_user_id())
        where room.id = $1
            and member.status is distinct from 'blocked'
            and (
                person.user_id is not null
                or member.status = 'approved' and room.type = 'group'
                or room.created_by = (select public.chat_user_id()) and public.chat_room_is_unused(room.id)
            )
    )
$$
$create$);
select schema_fix.explain(
    'public.user_is_in_room(uuid)',
    'Whether the caller is in the room: one of the two, an approved member, or the creator of a room that nobody uses yet.'
);

-- Whether the caller may approve and remove others: as an approved admin, or as the creator of a group that nobody uses yet.
-- mutant: every approved member is an admin
-- mutant: created_by makes an admin in a group that others use
select schema_fix.create_helper($create$
create or replace function public.user_is_group_admin(p_room_id uuid) returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select
        from public.chat_rooms as room
        left join public.chat_room_members as member
            on member.room_id = room.id and member.user_id = (select public.chat_user_id())
        where room.id = $1
            and room.type = 'group'
            and (
                member.role = 'admin' and member.status = 'approved'
                or room.created_by = (select public.chat_user_id()) and public.chat_room_is_unused(room.id)
            )
    )
$$
$create$);
select schema_fix.explain(
    'public.user_is_group_admin(uuid)',
    'Whether the caller may approve and remove others: an approved admin, or the creator of a group that nobody uses yet.'
);

-- Policies call them with the caller's privileges. Nobody else needs them.
grant execute
on function
    public.user_is_room_member(uuid),
    public.user_is_group_member(uuid),
    public.user_is_in_room(uuid),
    public.user_is_group_admin(uuid),
    public.chat_room_is_unused(uuid)
-- mutant: helpers are not executed by authenticated
to authenticated, service_role;
