--! Title: Create policies
--! Needs: 05, 06, 07
--! Remains: the policies of the four tables

-- Creates two policies for rooms, five for members of groups, two for the people of direct conversations and two for messages, and
-- the triggers of memberships. Each command on a table has one permissive policy, so that none widens another. `(select auth.uid())` is
-- evaluated once a query, not once a row. What each is for, its comment says.

-- Those of an earlier run are dropped first.
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

create policy chat_rooms_read_own on public.chat_rooms
for select to authenticated
using (
    exists (select from chat_access.my_rooms as mine where mine.room_id = chat_rooms.id)
    -- mutant: created_by shows the room to whoever stands there
    -- mutant: anybody sees every room
    or created_by = (select auth.uid()) and public.chat_room_is_unused(id)
);
comment on policy chat_rooms_read_own on public.chat_rooms is
    'Members read their room. Its creator reads it as long as nobody else uses it: insert … returning reads the new row, too.';

create policy chat_rooms_create_own on public.chat_rooms
for insert to authenticated
-- mutant: rooms are made in another's name
with check (created_by = (select auth.uid()));
comment on policy chat_rooms_create_own on public.chat_rooms is
    'Users create rooms in their own name. No policy lets anybody update or delete a room.';

create policy chat_room_members_read_own_rooms on public.chat_room_members
for select to authenticated
using (
    user_id = (select auth.uid())
    -- mutant: a policy that reads its own table
    or exists (select from chat_access.my_rooms as mine where mine.room_id = chat_room_members.room_id)
    -- mutant: whoever fills a group does not read whom they add
    or exists (select from chat_access.my_new_groups as mine where mine.room_id = chat_room_members.room_id)
);
comment on policy chat_room_members_read_own_rooms on public.chat_room_members is
    'Members see each other''s memberships. A user who is pending or blocked sees only their own. Who creates a group sees whom they add'
    ' before they are in it: insert … returning reads the new rows, too.';

create policy chat_room_members_ask_or_invite on public.chat_room_members
for insert to authenticated
with check (
    -- mutant: an invitation in another's name
    (invited_by is null or invited_by = (select auth.uid()))
    and (
        -- mutant: a join request is approved by whoever makes it
        user_id = (select auth.uid()) and (status = 'pending' and role = 'member' or public.user_is_in_room(room_id))
        or public.user_is_group_admin(room_id)
    )
);
comment on policy chat_room_members_ask_or_invite on public.chat_room_members is
    'A user asks to join and is pending. A member may write their own membership again, as an upsert does; the trigger'
    ' chat_room_members_guard makes sure that it exists. An admin adds others, and names only themselves as the inviter.';

-- Where members could change columns of their own membership before (the time of their last visit, for instance), they still can: then the
-- policy lets approved members update their row, too, and the trigger lets through only those columns.
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
comment on policy chat_room_members_ask_again_or_admit on public.chat_room_members is
    'A user who is pending may ask again and stays pending. An admin approves, blocks and appoints. Which columns a member may'
    ' change of their own membership, the trigger chat_room_members_guard says.';

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
comment on policy chat_room_members_leave_or_remove on public.chat_room_members is
    'A user may leave unless they are blocked: otherwise they could leave and ask to join again. An admin removes others, but not'
    ' the creator of the group while the creator is an admin.';

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
-- Without a check of its own the condition above would apply to the new row, too, and no admin could make the creator an admin again.
with check ((select auth.uid()) is not null);
-- Section 07 tells the fix's own policy from another of the same name by how this comment begins.
comment on policy chat_room_members_keep_creator on public.chat_room_members is
    'Made by the chat schema fix. No other admin demotes or blocks the creator of the group. Restrictive, so that it holds whatever'
    ' else allows the update.';

create policy room_members_read_own_rooms on public.room_members
for select to authenticated
using (
    user_id = (select auth.uid())
    or exists (select from chat_access.my_rooms as mine where mine.room_id = room_members.room_id)
);
comment on policy room_members_read_own_rooms on public.room_members is
    'The two people of a direct conversation see both memberships. No policy lets them change or delete one.';

create policy room_members_add_nobody on public.room_members
for insert to authenticated
-- mutant: anybody adds himself or a third to a direct conversation
-- mutant: a member of a direct conversation adds a third
with check (user_id = (select auth.uid()) and public.user_is_room_member(room_id));
comment on policy room_members_add_nobody on public.room_members is
    'ensure_direct_conversation adds the two people. An insert by a user can only repeat their own membership, as an upsert does.';

-- mutant: a policy for public instead of authenticated
-- mutant: a policy for reading that allows everything
create policy chat_messages_read_own_rooms on public.chat_messages
for select to authenticated
-- mutant: anybody reads every message
using (exists (select from chat_access.my_rooms as mine where mine.room_id = chat_messages.room_id));
comment on policy chat_messages_read_own_rooms on public.chat_messages is 'Members read the messages of their rooms.';

-- Where an old policy showed senders their own messages wherever they are now, this one does, too.
do $$
begin
    -- mutant: who has left reads what they wrote, though no old policy let them
    if schema_fix.senders_keep_their_messages() then
        alter policy chat_messages_read_own_rooms on public.chat_messages
        using (
            sender = (select auth.uid())
            or exists (select from chat_access.my_rooms as mine where mine.room_id = chat_messages.room_id)
        );
        comment on policy chat_messages_read_own_rooms on public.chat_messages is
            'Members read the messages of their rooms. A sender reads their own messages, also after they have left.';
    end if;
end
$$;

create policy chat_messages_send_as_oneself on public.chat_messages
for insert to authenticated
-- mutant: messages are sent in another's name
-- mutant: messages are sent into any room
with check (sender = (select auth.uid()) and public.user_is_in_room(room_id));
comment on policy chat_messages_send_as_oneself on public.chat_messages is
    'Users send in their own name, to rooms that they are in. No policy lets anybody update or delete a message.';
