--! Title: Tools that let a function of the project go on beside the fix's

-- The statements that make a function again that goes on beside the fix's, for calls that give it each argument.
create function schema_fix.make_again_for_all_arguments(routine oid) returns text[]
language sql
stable
as $$
    select array[
        replace(
            pg_get_functiondef(called.oid), format('(%s)', pg_get_function_arguments(called.oid)),
            format('(%s)', pg_get_function_identity_arguments(called.oid))
        ),
        format('select schema_fix.revoke_from_others(%L::regprocedure, ''{}'')', called.identity)
    ] || array(
        select format(
            'grant execute on function %s to %s%s', called.identity,
            case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end,
            case when granted.is_grantable then ' with grant option' end
        )
        from aclexplode(coalesce(called.proacl, acldefault('f', called.proowner))) as granted
        where granted.grantee <> called.proowner
    ) || array[
        format('comment on function %s is %L', called.identity, obj_description(called.oid, 'pg_proc')),
        format('alter function %s owner to %s', called.identity, called.proowner::regrole)
    ]
    from (
        select *, format('public.%I(%s)', proname, oidvectortypes(proargtypes)) as identity
        from pg_proc
        where oid = routine
            and oid in (select function_id from schema_fix.replaced_functions where goes_on)
    ) as called
    union all
    select '{}'
    limit 1
$$;
