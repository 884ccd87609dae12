--! Title: Helper functions
--! Needs: 01
--! Remains: the functions that policies call

-- The questions that policies ask. They read as the owner, past row level security, so that no policy ever asks itself.

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
revoke execute on function public.chat_user_id() from public, anon, authenticated, service_role;

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
end
$$;

-- The four helpers. One that is there already keeps the names of its arguments, which `create or replace` cannot change.
do $make$
declare
    helper record;
begin
    for helper in
        select
            wanted.name,
            wanted.body,
            coalesce(
                pg_catalog.pg_get_function_arguments(
                    pg_catalog.to_regprocedure(pg_catalog.format('public.%I(uuid)', wanted.name))
                ),
                'p_room_id uuid'
            ) as arguments
        from (
            values
                -- One of the two in a direct conversation, unless the other table says that he is blocked there.
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
                -- Either of them, or who made the room, unless blocked there.
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
                or room.created_by = (select public.chat_user_id())
            )
    )
$body$),
                -- Who admits and removes others: an approved admin, or who made the group and has no membership in it.
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
                or room.created_by = (select public.chat_user_id()) and member.user_id is null
            )
    )
$body$)
        ) as wanted (name, body)
    loop
        execute pg_catalog.format(
            'create or replace function public.%I(%s) returns boolean '
                || 'language sql stable security definer set search_path = '''' as %L',
            helper.name, helper.arguments, helper.body
        );
        execute pg_catalog.format('alter function public.%I(uuid) owner to current_user', helper.name);
    end loop;
end
$make$;

-- Policies call them with the caller's rights. Nobody else has a question to ask.
do $$
begin
    perform schema_fix.revoke_grants('public.user_is_room_member(uuid)'::regprocedure);
    perform schema_fix.revoke_grants('public.user_is_group_member(uuid)'::regprocedure);
    perform schema_fix.revoke_grants('public.user_is_in_room(uuid)'::regprocedure);
    perform schema_fix.revoke_grants('public.user_is_group_admin(uuid)'::regprocedure);
end
$$;
revoke execute
on function
    public.user_is_room_member(uuid),
    public.user_is_group_member(uuid),
    public.user_is_in_room(uuid),
    public.user_is_group_admin(uuid)
from public, anon;
grant execute
on function
    public.user_is_room_member(uuid),
    public.user_is_group_member(uuid),
    public.user_is_in_room(uuid),
    public.user_is_group_admin(uuid)
to authenticated, service_role;
