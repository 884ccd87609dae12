--! Title: Create policies
--! Needs: 05, 06, 07
--! Remains: the policies of the four tables

-- Says who may do what, as far as one row tells: 2 policies for rooms, 5 and 2 for members, 2 for messages. One permissive policy
-- a command, so that none widens another; `(select auth.uid())` is evaluated once a query.

-- Those of an earlier run make way.
do $$
declare
    former record;
begin
    for former in
        select name, table_id
        from schema_fix.present_policies
        where has_our_name
    loop
        execute format('drop policy %I on %s', former.name, former.table_id);
    end loop;
end
$$;

-- Members see their room, and whoever made it while nobody else uses it: `insert … returning` reads the new row, too.
create policy chat_rooms_read_own on public.chat_rooms
for select to authenticated
using (
    exists (select from chat_access.my_rooms as mine where mine.room_id = chat_rooms.id)
    -- mutant: created_by shows the room to whoever stands there
    -- mutant: anybody sees every room
    or created_by = (select auth.uid()) and public.chat_room_is_unused(id)
);

-- Nobody makes a room in another's name or in nobody's. Nobody changes or deletes one.
create policy chat_rooms_create_own on public.chat_rooms
for insert to authenticated
-- mutant: rooms are made in another's name
with check (created_by = (select auth.uid()));

-- Members see one another; who waits or is blocked sees their own membership.
create policy chat_room_members_read_own_rooms on public.chat_room_members
for select to authenticated
using (
    user_id = (select auth.uid())
    -- mutant: a policy that reads its own table
    or exists (select from chat_access.my_rooms as mine where mine.room_id = chat_room_members.room_id)
);

-- One asks for oneself and waits; an admin brings others in. Nobody invites in another's name.
create policy chat_room_members_ask_or_invite on public.chat_room_members
for insert to authenticated
with check (
    -- mutant: an invitation in another's name
    (invited_by is null or invited_by = (select auth.uid()))
    and (
        -- mutant: a join request is approved by whoever makes it
        user_id = (select auth.uid()) and status = 'pending' and role = 'member'
        or public.user_is_group_admin(room_id)
    )
);

-- Asking again leaves one waiting; an admin admits, blocks and appoints. Where members have always changed columns of their own
-- membership (when they last read), they go on: the guard sees that nothing else changes.
do $$
begin
    if exists (select from schema_fix.own_columns) then
        create policy chat_room_members_ask_again_or_admit on public.chat_room_members
        for update to authenticated
        using (user_id = (select auth.uid()) and status <> 'blocked' or public.user_is_group_admin(room_id))
        with check (
            user_id = (select auth.uid()) and (status = 'pending' and role = 'member' or status = 'approved')
            or public.user_is_group_admin(room_id)
        );
    else
        create policy chat_room_members_ask_again_or_admit on public.chat_room_members
        for update to authenticated
        -- mutant: anybody admits and appoints
        -- mutant: who asks again undoes that he was let in
        using (user_id = (select auth.uid()) and status = 'pending' or public.user_is_group_admin(room_id))
        with check (
            -- mutant: a member promotes himself
            user_id = (select auth.uid()) and status = 'pending' and role = 'member'
            or public.user_is_group_admin(room_id)
        );
    end if;
end
$$;

-- One leaves, unless blocked: who is would come back by asking anew. An admin removes others, but not the one who made the group.
create policy chat_room_members_leave_or_remove on public.chat_room_members
for delete to authenticated
using (
    -- mutant: who is blocked deletes his row and joins anew
    user_id = (select auth.uid()) and status <> 'blocked'
    -- mutant: another admin removes the one who made the group
    or public.user_is_group_admin(room_id) and not (
        role = 'admin' and status = 'approved' and exists (
            select
            from public.chat_rooms as room
            where room.id = chat_room_members.room_id and room.created_by = chat_room_members.user_id
        )
    )
);

-- Whatever else allows it: no other admin demotes or blocks the one who made the group.
create policy chat_room_members_keep_creator on public.chat_room_members
as restrictive for update to authenticated
using (
    user_id = (select auth.uid())
    or not (
        role = 'admin' and status = 'approved' and exists (
            select
            from public.chat_rooms as room
            where room.id = chat_room_members.room_id and room.created_by = chat_room_members.user_id
        )
    )
)
with check ((select auth.uid()) is not null);
-- By this, section 07 knows it from somebody else's.
comment on policy chat_room_members_keep_creator on public.chat_room_members is 'Made by the chat schema fix';

-- The two see one another.
create policy room_members_read_own_rooms on public.room_members
for select to authenticated
using (
    user_id = (select auth.uid())
    or exists (select from chat_access.my_rooms as mine where mine.room_id = room_members.room_id)
);

-- ensure_direct_conversation lets people in. By hand one can only repeat what is so already.
create policy room_members_add_nobody on public.room_members
for insert to authenticated
-- mutant: anybody adds himself or a third to a direct conversation
-- mutant: a member of a direct conversation adds a third
with check (user_id = (select auth.uid()) and public.user_is_room_member(room_id));

-- What is said in a room is for those in it; one's own words stay one's own.
-- mutant: a policy for public instead of authenticated
-- mutant: a policy for reading that allows everything
create policy chat_messages_read_own_rooms on public.chat_messages
for select to authenticated
using (
    -- mutant: anybody reads every message
    sender = (select auth.uid())
    or exists (select from chat_access.my_rooms as mine where mine.room_id = chat_messages.room_id)
);

-- Nobody speaks in another's name, or in a room that they are not in. Nobody edits or deletes what was said.
create policy chat_messages_send_as_oneself on public.chat_messages
for insert to authenticated
-- mutant: messages are sent in another's name
-- mutant: messages are sent into any room
with check (sender = (select auth.uid()) and public.user_is_in_room(room_id));
