--! Title: Helper functions
--! Needs: 01
--! Remains: the functions that policies call

-- The questions that policies ask. They read as the owner, past row level security, so that no policy ever asks itself.

-- A schema that the API does not serve, for the view that policies read. One that a role of the API owns is no safe place.
do $$
begin
    if to_regnamespace('chat_access') is null then
        if not has_database_privilege(current_database(), 'create') then
            raise exception '% may not create the schema chat_access', current_user
                using
                    errcode = 'insufficient_privilege',
                    hint = 'grant create on this database to the role that runs the fix.';
        end if;
        create schema chat_access;
    elsif exists (
        select
        from pg_namespace
        where nspname = 'chat_access'
            and (not pg_has_role(nspowner, 'usage') or schema_fix.is_api_role(nspowner))
    ) then
        raise exception 'schema chat_access belongs to another role'
            using
                errcode = 'insufficient_privilege',
                hint = 'Rename that schema: policies read a view of the fix''s own in it.';
    end if;
    if exists (
        select
        from pg_class
        where relnamespace = 'chat_access'::regnamespace
            and relname = 'my_rooms'
            and (relkind <> 'v' or not pg_has_role(relowner, 'usage') or schema_fix.is_api_role(relowner))
    ) then
        raise exception 'chat_access.my_rooms is not a view of %', current_user
            using
                errcode = 'wrong_object_type',
                hint = 'Rename it: policies read a view of that name.';
    end if;
end
$$;

-- The rooms that the caller is in. A view rather than a function: Postgres looks one room up where a query asks for one, and
-- reads the caller's memberships once where it asks for many. It reads as its owner; its barrier keeps other people's rows
-- from the caller's functions.
create or replace view chat_access.my_rooms with (security_barrier) as
select member.room_id
from public.chat_room_members as member
join public.chat_rooms as room on room.id = member.room_id
where member.user_id = (select auth.uid())
    -- mutant: whoever waits or is blocked reads the group
    and member.status = 'approved'
    and room.type = 'group'
union all
select person.room_id
from public.room_members as person
join public.chat_rooms as room on room.id = person.room_id
where person.user_id = (select auth.uid())
    -- mutant: people of a group among those of conversations read it
    and room.type = 'dm'
    and not exists (
        select
        from public.chat_room_members as member
        where member.room_id = person.room_id
            and member.user_id = person.user_id
            and member.status = 'blocked'
    );
alter view chat_access.my_rooms owner to current_user;

-- Policies read it with the caller's rights.
do $$
begin
    perform schema_fix.revoke_from_others(
        'schema', 'chat_access', nspowner, nspacl, array['authenticated']::regrole[]
    ) from pg_namespace where nspname = 'chat_access';
    perform schema_fix.revoke_from_others('chat_access.my_rooms'::regclass, array['authenticated']::regrole[]);
end
$$;
grant usage on schema chat_access to authenticated;
revoke all on chat_access.my_rooms from authenticated;
grant select on chat_access.my_rooms to authenticated;

-- Who is asking. A definer function must not call auth.uid() itself: its text names types, and with the search path empty a
-- caller's temporary type of the same name comes first and has its check run with the owner's rights. Here it comes last.
create or replace function public.chat_user_id() returns uuid
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return auth.uid();
end
$$;
alter function public.chat_user_id() owner to current_user;
do $$
begin
    perform schema_fix.revoke_from_others('public.chat_user_id()'::regprocedure, '{}');
end
$$;

-- A tool, until section 09: frees the name of a function. What can be replaced in place stays, and with it whatever
-- depends on it. The rest is in the way if a call could mean it: it is dropped, or, where something depends on it, renamed
-- and left to act with its caller's rights only.
create or replace function chat_quarantine.make_way(
    signature text, result text, argument_names text[] default null, default_count integer default 0
) returns void
language plpgsql
set search_path = ''
as $$
declare
    routine record;
    new_name text;
begin
    for routine in
        select
            proc.proname as name,
            proc.prokind,
            pg_catalog.oidvectortypes(proc.proargtypes) as argument_types,
            pg_catalog.format('%I.%I(%s)', 'public', proc.proname, pg_catalog.pg_get_function_identity_arguments(proc.oid))
                as identity,
            exists (
                select
                from pg_catalog.pg_depend as dependent
                where dependent.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                    and dependent.refobjid = proc.oid
                    and dependent.deptype in ('n', 'a')
            ) as has_dependents
        from pg_catalog.pg_proc as proc
        where proc.pronamespace = 'public'::pg_catalog.regnamespace
            and proc.proname = pg_catalog.split_part(pg_catalog.split_part(signature, '(', 1), '.', 2)
            and (
                proc.oid = pg_catalog.to_regprocedure(signature)
                and proc.prokind = 'f'
                and pg_catalog.pg_get_function_result(proc.oid) = result
                and (
                    argument_names is null
                    or proc.proargnames = argument_names and proc.pronargdefaults <= default_count
                )
            ) is not true
            -- Nobody can call a trigger's function, and a helper is called with one argument: what cannot be called so is
            -- somebody's own affair.
            and proc.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
            and (
                argument_names is not null
                or proc.provariadic <> 0
                or 1 between proc.pronargs - proc.pronargdefaults and proc.pronargs
            )
        order by proc.oid
    loop
        if not routine.has_dependents then
            execute pg_catalog.format('drop routine %s', routine.identity);
            raise notice 'dropped %, which was in the way', routine.identity;
            continue;
        end if;
        if routine.prokind = 'f' then
            execute pg_catalog.format('alter function %s security invoker', routine.identity);
        end if;
        new_name := routine.name || '_set_aside';
        while pg_catalog.to_regprocedure(pg_catalog.format('public.%I(%s)', new_name, routine.argument_types)) is not null loop
            new_name := new_name || '_again';
        end loop;
        execute pg_catalog.format('alter routine %s rename to %I', routine.identity, new_name);
        raise notice 'renamed % to %: something depends on it', routine.identity, new_name;
    end loop;
end
$$;
revoke execute on function chat_quarantine.make_way(text, text, text[], integer) from public;

-- Same name, other result or ambiguous arguments.
do $$
begin
    perform chat_quarantine.make_way('public.user_is_room_member(uuid)', 'boolean');
    perform chat_quarantine.make_way('public.user_is_group_member(uuid)', 'boolean');
    perform chat_quarantine.make_way('public.user_is_in_room(uuid)', 'boolean');
    perform chat_quarantine.make_way('public.user_is_group_admin(uuid)', 'boolean');
    perform chat_quarantine.make_way('public.chat_room_is_unused(uuid)', 'boolean');
end
$$;

-- The four helpers, and the one by which a room belongs to whoever made it. One that is there already keeps the names of its
-- arguments, which `create or replace` cannot change.
do $make$
declare
    helper record;
begin
    for helper in
        select
            wanted.name,
            wanted.body,
            coalesce(
                pg_get_function_arguments(to_regprocedure(format('public.%I(uuid)', wanted.name))), 'p_room_id uuid'
            ) as arguments
        from (
            values
                -- One of the two in a direct conversation, unless the other table says that they are blocked there.
                ('user_is_room_member', $body$
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
$body$),
                -- Somebody whom a group has let in: who waits or is blocked is not a member.
                ('user_is_group_member', $body$
    select exists (
        select
        from public.chat_room_members as member
        join public.chat_rooms as room on room.id = member.room_id
        where member.room_id = $1
            and member.user_id = (select public.chat_user_id())
            and member.status = 'approved'
            and room.type = 'group'
    )
$body$),
                -- A room in which nobody has a membership and nobody else has written. It is all that created_by counts for:
                -- whoever put a room's id into chat_rooms may have taken it from a room of others.
                ('chat_room_is_unused', $body$
    select
        not exists (select from public.chat_room_members as member where member.room_id = $1)
        and not exists (select from public.room_members as person where person.room_id = $1)
        and not exists (
            select
            from public.chat_messages as message
            where message.room_id = $1
                and message.sender is distinct from (select public.chat_user_id())
        )
$body$),
                -- Either of them, or who made a room that nobody uses yet.
                ('user_is_in_room', $body$
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
$body$),
                -- Who admits and removes others: an approved admin, or who made a group that nobody uses yet.
                ('user_is_group_admin', $body$
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
$body$)
        ) as wanted (name, body)
    loop
        execute format(
            'create or replace function public.%I(%s) returns boolean '
                || 'language sql stable security definer set search_path = '''' as %L',
            helper.name, helper.arguments, helper.body
        );
        execute format('alter function public.%I(uuid) owner to current_user', helper.name);
    end loop;
end
$make$;

-- Policies call them with the caller's rights. Nobody else has a question to ask.
do $$
declare
    callers constant regrole[] := array['authenticated', 'service_role'];
begin
    perform schema_fix.revoke_from_others('public.user_is_room_member(uuid)'::regprocedure, callers);
    perform schema_fix.revoke_from_others('public.user_is_group_member(uuid)'::regprocedure, callers);
    perform schema_fix.revoke_from_others('public.user_is_in_room(uuid)'::regprocedure, callers);
    perform schema_fix.revoke_from_others('public.user_is_group_admin(uuid)'::regprocedure, callers);
    perform schema_fix.revoke_from_others('public.chat_room_is_unused(uuid)'::regprocedure, callers);
end
$$;
grant execute
on function
    public.user_is_room_member(uuid),
    public.user_is_group_member(uuid),
    public.user_is_in_room(uuid),
    public.user_is_group_admin(uuid),
    public.chat_room_is_unused(uuid)
to authenticated, service_role;
