--! Title: The guard of memberships
--! Remains: the trigger that guards memberships, and its function

-- Enforces what a policy cannot, because a policy sees one row, as it was when the query began: a membership keeps its room, its
-- user and its time; the inviter is the caller; only a group with members can be joined; a user who asks again changes no column that an
-- admin decides by; and a user who acts as an admin still is one. It reads as its owner, because a user who asks to join cannot read the
-- room. Its arguments are the columns that members may change in their own membership, and those that are computed, and its text names them: of a
-- whole row, JSON cannot always be made.
-- mutant: an admin enters the row of the creator
-- mutant: whoever adds the creator of a group is told so
-- mutant: somebody waits in a group before its creator is in it
-- mutant: whoever waits for a conversation withdraws
-- mutant: a membership is dated back
-- mutant: a membership is moved to another room
-- mutant: whoever changes a column of their own makes themselves an admin
-- mutant: an admin who is blocked at the same moment wins
-- mutant: whoever made a group that others use begins it anew
-- mutant: whoever asks again is refused where a column is computed
do $make$
declare
    -- A new row does not hold yet what is computed for it.
    arguments constant name[] := array(
        select column_name
        from schema_fix.own_columns
        union
        select attname
        from pg_attribute
        where attrelid = 'public.chat_room_members'::regclass
            and attgenerated <> ''
        order by 1
    );
begin
    execute replace(
        $guard$
create or replace function public.guard_chat_room_member() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
    caller constant pg_catalog.uuid := public.chat_user_id();
    -- The row that would be there, with what members may change, and what is computed, as it was.
    kept pg_catalog.record;
    room pg_catalog.record;
    own pg_catalog.record;
    is_own_act pg_catalog.bool;
    -- Whether nothing changes but those columns, in the caller's own membership.
    is_own_column pg_catalog.bool not null := false;
    -- Whether nothing changes besides but the role and the inviter.
    is_asked_again pg_catalog.bool not null := false;
    -- Whether the caller inserts the membership that they have, as an upsert does: the primary key is taken, so no row is added.
    is_repeated pg_catalog.bool not null := false;
begin
    select chat_room.id, chat_room.type, chat_room.created_by
    into room
    from public.chat_rooms as chat_room
    where chat_room.id = case tg_op when 'DELETE' then old.room_id else new.room_id end;

    -- The creator of an unused group adds somebody else: the group is noted, so that they keep access until they enter it. The lock makes
    -- two transactions wait for each other that add somebody and add the creator at the same time.
    if tg_op = 'INSERT' and room.type = 'group' and room.created_by = caller and new.user_id is distinct from caller then
        perform from public.chat_rooms as locked where locked.id = room.id for no key update;
        if public.chat_room_is_unused(room.id) then
            insert into chat_access.begun_rooms (room_id) values (room.id) on conflict do nothing;
        end if;
    end if;

    if tg_op = 'UPDATE' then
        kept := new;
        kept.argument := old.argument;
        if old.user_id = caller and old.status <> 'blocked' and tg_nargs > 0 then
            is_own_column := kept operator(pg_catalog.*=) old;
        end if;
        kept.role := old.role;
        kept.invited_by := old.invited_by;
        is_asked_again := kept operator(pg_catalog.*=) old;
    end if;
    -- A membership of a direct conversation stays in this table where foreign keys of other tables refer to it. It gives no access.
    if tg_op <> 'DELETE' and room.type is distinct from 'group' and not is_own_column then
        raise exception 'only a group can be joined' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'UPDATE' then
        if new.room_id is distinct from old.room_id or new.user_id is distinct from old.user_id then
            raise exception 'the room and the user of a membership cannot be changed' using errcode = 'insufficient_privilege';
        end if;
        if new.created_at is distinct from old.created_at then
            raise exception 'the time of a membership cannot be changed' using errcode = 'insufficient_privilege';
        end if;
        if new.invited_by is distinct from old.invited_by and new.invited_by <> caller then
            raise exception 'the inviter must be the authenticated user' using errcode = 'insufficient_privilege';
        end if;
    end if;

    -- A user who is pending in a direct conversation stays pending: without the row ensure_direct_conversation would let them in. The
    -- delete affects no row, as if no policy showed it.
    if tg_op = 'DELETE' and old.status = 'pending' and room.type = 'dm' then
        return null;
    end if;

    -- The lock keeps others from deleting or blocking that membership before the insert fails on its key, and makes two upserts of one
    -- user wait for each other.
    if tg_op = 'INSERT' and new.user_id = caller then
        perform
        from public.chat_room_members as member
        where member.room_id = room.id
            and member.user_id = caller
            and member.role = new.role
            and member.status = new.status
        for no key update;
        is_repeated := found;
    end if;

    -- These changes to one's own membership need no admin.
    is_own_act := case tg_op
        when 'INSERT' then new.user_id = caller and (is_repeated or new.status = 'pending' and new.role = 'member')
        when 'UPDATE' then old.user_id = caller and (
            is_own_column
            or old.status = 'pending'
                and new.status = 'pending'
                and new.role = 'member'
                and is_asked_again
        )
        else old.user_id = caller and old.status <> 'blocked'
    end;
    -- Everything else needs one. The policy has checked that the caller is an admin, but another transaction may be demoting, blocking or
    -- removing them: `for share` waits for it.
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
        -- Two policies protect the creator from other admins, but they read chat_rooms as the caller, from whom a restrictive policy of the
        -- project may hide the room.
        if tg_op <> 'INSERT'
            and old.user_id = room.created_by and old.user_id is distinct from caller
            and old.role = 'admin' and old.status = 'approved'
        then
            return null;
        end if;
        -- Only admins get this message: it tells who created the group.
        if tg_op = 'INSERT' and new.user_id = room.created_by and new.user_id is distinct from caller then
            raise exception 'only the creator of the group can add their own membership' using errcode = 'insufficient_privilege';
        end if;
    -- Nobody can ask to join a group without members: with a pending membership it would count as used, and shut its creator out.
    elsif tg_op = 'INSERT' and room.created_by is distinct from caller and not exists (
        select
        from public.chat_room_members as member
        where member.room_id = room.id
            and member.status = 'approved'
    ) then
        raise exception 'only a group can be joined' using errcode = 'insufficient_privilege';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end
$$;
        $guard$,
        'kept.argument := old.argument;',
        coalesce((select string_agg(format('kept.%1$I := old.%1$I;', name), ' ') from unnest(arguments) as name), '')
    );
    -- Fires for whom row level security applies to: not for the owner, nor for the service role.
    execute format(
        'create or replace trigger chat_room_members_guard
        before insert or update or delete on public.chat_room_members
        for each row
        when (row_security_active(''public.chat_room_members''))
        execute function public.guard_chat_room_member(%s)',
        (select string_agg(quote_literal(name), ', ') from unnest(arguments) as name)
    );
end
$make$;
select schema_fix.own_function('public.guard_chat_room_member()', '{}');
select schema_fix.explain(
    'public.guard_chat_room_member()',
    'Enforces for memberships what a policy cannot, because a policy sees one row, as it was when the query began.'
);

comment on trigger chat_room_members_guard on public.chat_room_members is
    'A membership keeps its room, its user and its time; only admins decide about others. The arguments are the columns that members'
    ' may change in their own membership, and computed ones. Fires for whom row level security applies to.';
