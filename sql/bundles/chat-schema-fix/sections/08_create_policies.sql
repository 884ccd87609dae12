--! Title: Create policies
--! Needs: 05, 06, 07
--! Remains: the policies of the four tables, and the trigger that guards memberships

-- Who may do what, as far as it can be said of one row: 2 policies for rooms, 5 and 2 for members, 2 for messages. One
-- permissive policy a command, so that none widens another; `(select auth.uid())` is evaluated once a query.

-- Tool, for this section: a digest of what a policy was to be and of what it is. Its comment keeps it, so that one that is
-- as it was made is recognised without locking its table, and one that somebody altered is not.
create or replace function chat_quarantine.policy_digest(relation regclass, policy_name name, rule text) returns text
language sql
stable
set search_path = ''
as $$
    select
        'Made by the chat schema fix, ' || pg_catalog.md5(
            row(
                rule, policy.polcmd, policy.polpermissive, policy.polroles::regrole[],
                pg_catalog.pg_get_expr(policy.polqual, policy.polrelid),
                pg_catalog.pg_get_expr(policy.polwithcheck, policy.polrelid)
            )::text
        )
    from pg_catalog.pg_policy as policy
    where policy.polrelid = relation and policy.polname = policy_name
$$;

-- The eleven policies. One that is not as it was made is made anew.
do $make$
declare
    wanted record;
    target regclass;
    digest text;
begin
    for wanted in
        select *
        from (
            values
                -- The members see the room, and whoever made it while nobody else uses it: for `insert … returning`, too.
                ('chat_rooms', 'chat_rooms_read_own', 'for select to authenticated', $policy$
    using (
        exists (select from chat_access.my_rooms as mine where mine.room_id = chat_rooms.id)
        or created_by = (select auth.uid()) and public.chat_room_is_unused(id)
    )
$policy$),
                -- Nobody makes a room in another's name or in nobody's. Nobody changes or deletes one.
                ('chat_rooms', 'chat_rooms_create_own', 'for insert to authenticated', $policy$
    with check (created_by = (select auth.uid()))
$policy$),
                -- Members see one another; who waits or is blocked sees their own membership.
                ('chat_room_members', 'chat_room_members_read_own_rooms', 'for select to authenticated', $policy$
    using (
        user_id = (select auth.uid())
        or exists (select from chat_access.my_rooms as mine where mine.room_id = chat_room_members.room_id)
    )
$policy$),
                -- One asks for oneself and waits; an admin brings others in. Nobody invites in another's name.
                ('chat_room_members', 'chat_room_members_ask_or_invite', 'for insert to authenticated', $policy$
    with check (
        (invited_by is null or invited_by = (select auth.uid()))
        and (
            user_id = (select auth.uid()) and status = 'pending' and role = 'member'
            or public.user_is_group_admin(room_id)
        )
    )
$policy$),
                -- Asking again leaves one waiting; an admin admits, blocks and appoints. Where members have always changed columns
                -- of their own membership (when they last read), they go on: the trigger below sees that nothing else changes.
                (
                    'chat_room_members', 'chat_room_members_ask_again_or_admit', 'for update to authenticated',
                    case when exists (select from schema_fix.own_columns) then $policy$
    using (user_id = (select auth.uid()) and status <> 'blocked' or public.user_is_group_admin(room_id))
    with check (
        user_id = (select auth.uid()) and (status = 'pending' and role = 'member' or status = 'approved')
        or public.user_is_group_admin(room_id)
    )
$policy$ else $policy$
    using (user_id = (select auth.uid()) and status = 'pending' or public.user_is_group_admin(room_id))
    with check (
        user_id = (select auth.uid()) and status = 'pending' and role = 'member'
        or public.user_is_group_admin(room_id)
    )
$policy$ end
                ),
                -- One leaves, unless blocked: who is would come back by asking anew. An admin removes others.
                ('chat_room_members', 'chat_room_members_leave_or_remove', 'for delete to authenticated', $policy$
    using (
        user_id = (select auth.uid()) and status <> 'blocked'
        or public.user_is_group_admin(room_id) and not (
            role = 'admin' and status = 'approved' and exists (
                select
                from public.chat_rooms as room
                where room.id = chat_room_members.room_id and room.created_by = chat_room_members.user_id
            )
        )
    )
$policy$),
                -- Whatever else allows it: no other admin demotes or blocks the one who made the group.
                (
                    'chat_room_members', 'chat_room_members_keep_creator', 'as restrictive for update to authenticated',
                    $policy$
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
    with check ((select auth.uid()) is not null)
$policy$
                ),
                -- The two see one another.
                ('room_members', 'room_members_read_own_rooms', 'for select to authenticated', $policy$
    using (
        user_id = (select auth.uid())
        or exists (select from chat_access.my_rooms as mine where mine.room_id = room_members.room_id)
    )
$policy$),
                -- ensure_direct_conversation lets people in. By hand one can only repeat what is so already.
                ('room_members', 'room_members_add_nobody', 'for insert to authenticated', $policy$
    with check (user_id = (select auth.uid()) and public.user_is_room_member(room_id))
$policy$),
                -- What is said in a room is for those in it; one's own words stay one's own.
                ('chat_messages', 'chat_messages_read_own_rooms', 'for select to authenticated', $policy$
    using (
        sender = (select auth.uid())
        or exists (select from chat_access.my_rooms as mine where mine.room_id = chat_messages.room_id)
    )
$policy$),
                -- Nobody speaks in another's name, or in a room that they are not in. Nobody edits or deletes what was said.
                ('chat_messages', 'chat_messages_send_as_oneself', 'for insert to authenticated', $policy$
    with check (sender = (select auth.uid()) and public.user_is_in_room(room_id))
$policy$)
        ) as policy (relation, name, whom, rule)
    loop
        target := pg_catalog.format('public.%I', wanted.relation)::regclass;
        digest := chat_quarantine.policy_digest(target, wanted.name, wanted.whom || wanted.rule);
        continue when exists (
            select
            from pg_catalog.pg_policy as policy
            where policy.polrelid = target
                and policy.polname = wanted.name
                and pg_catalog.obj_description(policy.oid, 'pg_policy') = digest
        );
        if digest is not null then
            execute pg_catalog.format('drop policy %I on %s', wanted.name, target);
        end if;
        execute pg_catalog.format('create policy %I on %s %s %s', wanted.name, target, wanted.whom, wanted.rule);
        execute pg_catalog.format(
            'comment on policy %I on %s is %L',
            wanted.name, target, chat_quarantine.policy_digest(target, wanted.name, wanted.whom || wanted.rule)
        );
    end loop;
end
$make$;
drop function chat_quarantine.policy_digest(regclass, name, text);

-- What a policy cannot say, because it sees one row at a time, as it was when the query began: a membership keeps its room,
-- its person and its time, its inviter is nobody else, only a group can be joined, and whoever acts as an admin still is one.
-- It reads as the owner: who asks to be let in may not see the room. Its arguments are the columns that members change themselves.
create or replace function public.guard_chat_room_member() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
    caller constant pg_catalog.uuid := public.chat_user_id();
    room record;
    own record;
    is_own_act pg_catalog.bool;
begin
    select chat_room.id, chat_room.type, chat_room.created_by
    into room
    from public.chat_rooms as chat_room
    where chat_room.id = case tg_op when 'DELETE' then old.room_id else new.room_id end;

    if tg_op <> 'DELETE' and room.type is distinct from 'group' then
        raise exception 'only a group can be joined' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'INSERT' and new.user_id = room.created_by and new.user_id is distinct from caller then
        raise exception 'nobody enters the group''s creator for them' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'UPDATE' then
        if new.room_id is distinct from old.room_id or new.user_id is distinct from old.user_id then
            raise exception 'a membership stays with its room and its person' using errcode = 'insufficient_privilege';
        end if;
        if new.created_at is distinct from old.created_at then
            raise exception 'a membership keeps its time' using errcode = 'insufficient_privilege';
        end if;
        if new.invited_by is distinct from old.invited_by and new.invited_by <> caller then
            raise exception 'nobody invites in another''s name' using errcode = 'insufficient_privilege';
        end if;
    end if;

    -- Whoever waits for a conversation goes on waiting: without the row they could open it anew. Like a row that no policy
    -- shows, it is passed over.
    if tg_op = 'DELETE' and old.status = 'pending' and room.type = 'dm' then
        return null;
    end if;

    -- What one does for oneself needs no admin.
    is_own_act := case tg_op
        when 'INSERT' then new.user_id = caller and new.status = 'pending' and new.role = 'member'
        when 'UPDATE' then old.user_id = caller and (
            old.status = 'pending' and new.status = 'pending' and new.role = 'member'
            -- mutant: whoever changes a column of their own makes themselves an admin
            or old.status <> 'blocked'
                and tg_nargs > 0
                and pg_catalog.to_jsonb(new) - tg_argv = pg_catalog.to_jsonb(old) - tg_argv
        )
        else old.user_id = caller and old.status <> 'blocked'
    end;
    -- Everything else does. Whoever blocks, demotes or removes this admin at the same moment is waited for, and counts: the
    -- policy asked before.
    if is_own_act is not true then
        select member.role, member.status
        into own
        from public.chat_room_members as member
        where member.room_id = room.id
            and member.user_id = caller
        for share;
        if (found and own.role = 'admin' and own.status = 'approved' or not found and room.created_by = caller) is not true then
            raise exception 'only an admin of the group does that' using errcode = 'insufficient_privilege';
        end if;
    end if;
    return case tg_op when 'DELETE' then old else new end;
end
$$;
alter function public.guard_chat_room_member() owner to current_user;
do $$
begin
    perform schema_fix.revoke_from_others('public.guard_chat_room_member()'::regprocedure, '{}');
end
$$;

-- It binds whom the policies bind: not the owner, not the service. Written as Postgres writes it back, to be compared.
do $$
declare
    definition constant text :=
        'CREATE TRIGGER chat_room_members_guard BEFORE INSERT OR DELETE OR UPDATE ON public.chat_room_members FOR EACH ROW'
        ' WHEN (row_security_active(''public.chat_room_members''::text))'
        ' EXECUTE FUNCTION public.guard_chat_room_member('
        || (select coalesce(string_agg(quote_literal(column_name), ', ' order by column_name), '') from schema_fix.own_columns)
        || ')';
    existing record;
begin
    select pg_get_triggerdef(guard.oid) as definition, guard.tgenabled
    into existing
    from pg_trigger as guard
    where guard.tgrelid = 'public.chat_room_members'::regclass and guard.tgname = 'chat_room_members_guard';

    if existing.definition <> definition then
        drop trigger chat_room_members_guard on public.chat_room_members;
    end if;
    if existing.definition is distinct from definition then
        execute definition;
    elsif existing.tgenabled in ('D', 'R') then
        alter table public.chat_room_members enable trigger chat_room_members_guard;
    end if;
end
$$;
