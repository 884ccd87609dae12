--! Title: Tools that give a function its name, and jobs as functions

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
    making_again text[];
begin
    for routine in
        select
            oid,
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
        making_again := schema_fix.make_again_for_all_arguments(routine.oid);
        if not routine.has_dependents then
            execute format('drop routine %s', routine.identity);
            perform schema_fix.run_each(making_again);
            raise notice '% %', routine.identity,
                case when making_again = '{}' then 'dropped: calls of the new function could mean it' else 'has to be given each argument' end;
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
        perform schema_fix.run_each(making_again);
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

-- Says in the database why a function is there, unless somebody has said something of it before.
create function schema_fix.explain(routine regprocedure, why text) returns void
language plpgsql
as $$
begin
    if obj_description(routine, 'pg_proc') is null then
        execute format('comment on function %s is %L', routine, why);
    end if;
end
$$;

-- Creates or replaces a helper that policies call. One that is there keeps the name of its argument, which `create or replace`
-- cannot change: policies of other tables may depend on it.
create function schema_fix.create_helper(definition text) returns void
language plpgsql
as $$
declare
    signature constant text := substring(definition from '(public\.\w+)\(') || '(uuid)';
    is_for_visitors boolean;
    arguments text;
    -- Calls that give the room by its name, and leave the rest to the defaults.
    called_so constant text := (
        select quote_ident((proargnames::name[])[1]) || ' uuid'
        from pg_proc
        where oid in (select function_id from schema_fix.replaced_functions where goes_on)
            and proname = substring(signature from '\.(\w+)\(')
            and pronargdefaults = pronargs - 1
            and proargtypes[0] = 'uuid'::regtype
            and proargnames[1] <> ''
        limit 1
    );
begin
    perform schema_fix.free_function_name(signature, 'boolean');
    -- It answers false to whoever is not signed in.
    -- mutant: a policy of a public page that calls a helper is refused to visitors
    is_for_visitors := coalesce(schema_fix.is_called_for_visitors(to_regprocedure(signature)), false);
    arguments := coalesce(pg_get_function_arguments(to_regprocedure(signature)), called_so, 'p_room_id uuid');
    execute replace(definition, '(p_room_id uuid)', '(' || arguments || ')');
    -- mutant: helpers are executed by anybody
    perform schema_fix.own_function(
        signature::regprocedure, case when is_for_visitors then '{anon,authenticated,service_role}' else '{authenticated,service_role}' end::regrole[]
    );
    if is_for_visitors then
        execute format('grant execute on function %s to anon', signature);
    end if;
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

-- The jobs of pg_cron and pgAgent that the deployer may read, each as the body of a function, so that whatever looks at functions looks at
-- them too. Nobody calls it, and Postgres does not read its body before somebody does; it runs with no user's rights.
create table schema_fix.jobs (function_id regprocedure primary key, name text not null);
do $$
declare
    kept record;
    job record;
    stand_in text;
    checked constant text := current_setting('check_function_bodies');
begin
    perform set_config('check_function_bodies', 'off', true);
    for kept in
        select relation.oid::regclass as source, listed.query
        from (
            values
                ('cron.job', 'cron', 'select coalesce(jobname, jobid::text) as name, command from cron.job order by jobid'),
                ('pgagent.pga_jobstep', 'pgagent', 'select jstname::text as name, jstcode as command from pgagent.pga_jobstep order by jstid')
        ) as listed (name, schema, query)
        join pg_class as relation
            on relation.oid = to_regclass(listed.name)
            and relation.relkind = 'r'
            and not schema_fix.is_api_role(relation.relowner)
        where has_schema_privilege(to_regnamespace(listed.schema), 'usage')
            and has_table_privilege(relation.oid, 'select')
    loop
        -- mutant: nobody looks at what jobs do
        for job in execute kept.query loop
            stand_in := format('schema_fix.job_%s()', (select count(*) from schema_fix.jobs));
            execute format(
                'create function %1$s returns void language sql security definer as %2$L; revoke execute on function %1$s from public',
                stand_in, job.command
            );
            insert into schema_fix.jobs values (stand_in::regprocedure, format('%s.%s', kept.source, job.name));
        end loop;
    end loop;
    perform set_config('check_function_bodies', checked, true);
end
$$;

-- What is said of the function that stands for a job, said of the job.
create function schema_fix.name_jobs(said text) returns text
language plpgsql
stable
as $$
declare
    job record;
begin
    for job in
        select function_id::text as function_name, name from schema_fix.jobs
    loop
        said := replace(replace(said, 'function ' || job.function_name, 'job ' || job.name), job.function_name, job.name);
    end loop;
    return said;
end
$$;
