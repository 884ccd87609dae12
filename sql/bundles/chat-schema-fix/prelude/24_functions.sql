--! Title: Tools that give a function its name

-- Frees the name of a function. One that `create or replace` can replace stays, and with it whatever depends on it. Of the
-- others those go that a call could mean: they are dropped or, where something depends on them, renamed, without their
-- definer's rights. Of a function called by position, as the helpers are, the argument names do not matter (null).
create function schema_fix.free_function_name(
    signature text, result text, argument_names text[] default null, default_count integer default 0
) returns void
language plpgsql
as $$
declare
    routine record;
    new_name text;
begin
    for routine in
        select
            proname as name,
            prokind as kind,
            oidvectortypes(proargtypes) as argument_types,
            format('public.%I(%s)', proname, pg_get_function_identity_arguments(oid)) as identity,
            schema_fix.is_depended_on(oid) as has_dependents
        from pg_proc
        where pronamespace = 'public'::regnamespace
            and proname = substring(signature from '\.(\w+)\(')
            and (
                oid = to_regprocedure(signature)
                and prokind = 'f'
                and pg_get_function_result(oid) = result
                and (argument_names is null or proargnames = argument_names and pronargdefaults <= default_count)
            ) is not true
            -- No call can mean the function of a trigger, nor, for a helper, one that takes more or fewer than one argument.
            and prorettype <> 'trigger'::regtype
            and (argument_names is not null or provariadic <> 0 or 1 between pronargs - pronargdefaults and pronargs)
        order by oid
    loop
        if not routine.has_dependents then
            execute format('drop routine %s', routine.identity);
            raise notice '% dropped: calls of the new function could mean it', routine.identity;
            continue;
        end if;
        if routine.kind = 'f' then
            execute format('alter function %s security invoker', routine.identity);
        end if;
        new_name := routine.name || '_set_aside';
        while to_regprocedure(format('public.%I(%s)', new_name, routine.argument_types)) is not null loop
            new_name := new_name || '_again';
        end loop;
        execute format('alter routine %s rename to %I', routine.identity, new_name);
        raise notice '% renamed to %: something depends on it', routine.identity, new_name;
    end loop;
end
$$;

-- Whether something depends on a function.
create function schema_fix.is_depended_on(routine oid) returns boolean
language sql
stable
as $$
    select exists (
        select
        from pg_depend
        where refclassid = 'pg_proc'::regclass
            and refobjid = routine
            and deptype in ('n', 'a')
    )
$$;

-- Makes the role that runs the fix the owner of a function, and revokes it from everybody else but those who call it.
create function schema_fix.own_function(routine regprocedure, callers regrole[]) returns void
language plpgsql
as $$
begin
    execute format('alter function %s owner to current_user', routine);
    perform schema_fix.revoke_from_others(routine, callers);
end
$$;

-- Creates or replaces a helper that policies call. One that is there keeps the name of its argument, which `create or replace`
-- cannot change: policies of other tables may depend on it.
create function schema_fix.create_helper(definition text) returns void
language plpgsql
as $$
declare
    signature constant text := substring(definition from '(public\.\w+)\(') || '(uuid)';
    arguments text;
begin
    perform schema_fix.free_function_name(signature, 'boolean');
    arguments := coalesce(pg_get_function_arguments(to_regprocedure(signature)), 'p_room_id uuid');
    execute replace(definition, '(p_room_id uuid)', '(' || arguments || ')');
    -- mutant: helpers are executed by anybody
    perform schema_fix.own_function(signature::regprocedure, '{authenticated,service_role}');
end
$$;

-- Drops the functions that were renamed for the sake of old policies, which are gone by now.
create function schema_fix.drop_renamed_functions() returns void
language plpgsql
as $$
declare
    routine record;
begin
    for routine in
        select format('public.%I(%s)', proname, pg_get_function_identity_arguments(oid)) as identity
        from pg_proc
        where pronamespace = 'public'::regnamespace
            and regexp_replace(proname, '_set_aside(_again)*$', '') in (select function_name from schema_fix.functions)
            and proname not in (select function_name from schema_fix.functions)
            and pg_has_role(proowner, 'usage')
            and not schema_fix.is_depended_on(oid)
        order by proname
    loop
        execute format('drop routine %s', routine.identity);
        raise notice '% dropped: nothing depends on it any more', routine.identity;
    end loop;
end
$$;
