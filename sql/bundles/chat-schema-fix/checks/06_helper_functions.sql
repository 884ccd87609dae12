--! Title: Helper Functions

-- The helpers, the three functions that the application calls, and the three that these stand on: what they return and
-- under which names they take what, as whom they run, where they look names up, and who may call them.
with expected (signature, volatility, result, argument_names, body, rights, settings, callers) as (
    values
        (
            'public.user_is_room_member(uuid)', 'stable', 'boolean', null,
            array['public.room_members', 'public.chat_user_id()', 'type = ''dm''', 'status = ''blocked'''],
            'SECURITY DEFINER', 'search_path=""', 'authenticated, service_role'
        ),
        (
            'public.user_is_group_member(uuid)', 'stable', 'boolean', null,
            array['public.chat_room_members', 'public.chat_user_id()', 'status = ''approved''', 'type = ''group'''],
            'SECURITY DEFINER', 'search_path=""', 'authenticated, service_role'
        ),
        (
            'public.user_is_in_room(uuid)', 'stable', 'boolean', null,
            array[
                'public.room_members', 'public.chat_room_members', 'public.chat_user_id()', 'status = ''approved''',
                'type = ''dm''', 'type = ''group''', 'status is distinct from ''blocked''',
                'public.chat_room_is_unused(room.id)'
            ],
            'SECURITY DEFINER', 'search_path=""', 'authenticated, service_role'
        ),
        (
            'public.user_is_group_admin(uuid)', 'stable', 'boolean', null,
            array[
                'public.chat_room_members', 'public.chat_user_id()', 'role = ''admin''', 'status = ''approved''',
                'type = ''group''', 'public.chat_room_is_unused(room.id)'
            ],
            'SECURITY DEFINER', 'search_path=""', 'authenticated, service_role'
        ),
        (
            'public.chat_room_is_unused(uuid)', 'stable', 'boolean', null,
            array[
                'public.room_members', 'public.chat_room_members', 'public.chat_messages', 'chat_access.begun_rooms',
                'is distinct from (select public.chat_user_id())'
            ],
            'SECURITY DEFINER', 'search_path=""', 'authenticated, service_role'
        ),
        (
            'public.create_group_room(uuid,boolean,uuid[],text)', 'volatile', 'uuid',
            'p_creator uuid, p_is_private boolean DEFAULT false, p_member_ids uuid[] DEFAULT ''{}''::uuid[],'
                ' p_name text DEFAULT ''''::text',
            array[
                'p_creator is distinct from public.chat_user_id()', 'perform chat_access.refuse_temporary_objects()', 'pg_advisory_xact_lock',
                'duplicate: a group with this name already exists'
            ],
            'SECURITY DEFINER', 'search_path=public, extensions, pg_temp', 'authenticated, service_role'
        ),
        (
            'public.ensure_direct_conversation(uuid,uuid)', 'volatile', 'TABLE(output_room_id uuid)',
            'me uuid, partner uuid',
            array[
                'me is distinct from public.chat_user_id()', 'perform chat_access.refuse_temporary_objects()', 'pg_advisory_xact_lock',
                'public.room_members'
            ],
            'SECURITY DEFINER', 'search_path=public, extensions, pg_temp', 'authenticated, service_role'
        ),
        (
            'public.open_or_create_dm(uuid)', 'volatile', 'uuid',
            'partner uuid', array['public.ensure_direct_conversation(public.chat_user_id(), partner)'],
            'SECURITY DEFINER', 'search_path=""', 'authenticated, service_role'
        ),
        (
            'public.chat_user_id()', 'stable', 'uuid', '', array['auth.uid()'],
            'SECURITY INVOKER', 'search_path=pg_catalog, pg_temp', 'nobody'
        ),
        (
            'chat_access.refuse_temporary_objects()', 'stable', 'void', '',
            array['pg_my_temp_schema()', 'pg_catalog.pg_type', 'pg_catalog.pg_proc', 'raise exception'],
            'SECURITY INVOKER', 'search_path=pg_catalog, pg_temp', 'nobody'
        ),
        (
            'public.guard_chat_room_member()', 'volatile', 'trigger', '',
            array[
                'room.type is distinct from ''group''', 'new.room_id is distinct from old.room_id',
                'new.user_id is distinct from old.user_id', 'new.invited_by <> caller', 'for share'
            ],
            'SECURITY DEFINER', 'search_path=""', 'nobody'
        )
),
named as (
    select
        expected.*,
        pg_catalog.split_part(pg_catalog.split_part(expected.signature, '(', 1), '.', 2) as name,
        pg_catalog.to_regprocedure(expected.signature) as function
    from expected
),
facts as (
    select
        named.*,
        (
            select pg_catalog.string_agg(pg_catalog.pg_get_function_arguments(other.oid), '; ' order by other.oid)
            from pg_catalog.pg_proc as other
            where other.pronamespace = pg_catalog.to_regnamespace('public')
                and other.proname = named.name
                and other.oid is distinct from named.function
                and other.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
                -- A helper is asked with one argument; only what could be meant by that is in its way.
                and (
                    named.argument_names is not null
                    or other.provariadic <> 0
                    or 1 between other.pronargs - other.pronargdefaults and other.pronargs
                )
        ) as overloads,
        proc.oid is not null as exists,
        pg_catalog.pg_get_function_result(proc.oid) as actual_result,
        pg_catalog.pg_get_function_arguments(proc.oid) as actual_arguments,
        proc.prosecdef as is_definer,
        case proc.provolatile when 's' then 'stable' when 'v' then 'volatile' else 'immutable' end as actual_volatility,
        (
            select pg_catalog.string_agg(wanted.words, ', ' order by wanted.position)
            from pg_catalog.unnest(named.body) with ordinality as wanted (words, position)
            where pg_catalog.strpos(proc.prosrc, wanted.words) > 0
        ) as words_found,
        coalesce(pg_catalog.array_to_string(proc.proconfig, ', '), 'the caller''s') as actual_settings,
        pg_catalog.pg_get_userbyid(proc.proowner) as owner,
        -- As whom it reads: the owner of the tables, or a role that row level security does not bind.
        owner.rolsuper or owner.rolbypassrls or not exists (
            select
            from pg_catalog.unnest(
                array['public.chat_rooms', 'public.chat_room_members', 'public.room_members', 'public.chat_messages']
            ) as target (name)
            join pg_catalog.pg_class as relation on relation.oid = pg_catalog.to_regclass(target.name)
            where not pg_catalog.pg_has_role(owner.oid, relation.relowner, 'usage')
        ) as reads_past_policies,
        (
            select pg_catalog.string_agg(callers.role, ', ' order by callers.role)
            from (
                select role.rolname as role
                from pg_catalog.pg_roles as role
                where role.rolname in ('anon', 'authenticated', 'service_role')
                    and pg_catalog.has_function_privilege(role.oid, proc.oid, 'execute')
                union
                select role.rolname
                from pg_catalog.aclexplode(proc.proacl) as granted
                join pg_catalog.pg_roles as role on role.oid = granted.grantee
                where granted.grantee <> proc.proowner
            ) as callers
            -- A helper answers false to visitors, on behalf of whom something else may call it.
            where callers.role <> 'anon'
                or named.argument_names is not null
                or not exists (
                    select
                    from pg_catalog.pg_depend as calling
                    left join pg_catalog.pg_policy as policy
                        on calling.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass and policy.oid = calling.objid
                    where calling.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                        and calling.refobjid = proc.oid
                        and calling.deptype = 'n'
                        and (policy.oid is null or 0 = any (policy.polroles) or 'anon'::pg_catalog.regrole = any (policy.polroles))
                    union all
                    select
                    from pg_catalog.pg_proc as calling
                    where not calling.prosecdef
                        and pg_catalog.strpos(calling.prosrc, named.name) > 0
                )
        ) as actual_callers,
        exists (
            select
            from pg_catalog.aclexplode(coalesce(proc.proacl, pg_catalog.acldefault('f', proc.proowner))) as item
            where item.grantee = 0
        ) as is_public
    from named
    left join pg_catalog.pg_proc as proc on proc.oid = named.function and proc.prokind = 'f'
    left join pg_catalog.pg_roles as owner on owner.oid = proc.proowner
),
assertions as (
    select facts.signature, facts.exists, assertion.*
    from facts
    cross join lateral (
        values
            ('returns', facts.result, facts.actual_result),
            ('takes', coalesce(facts.argument_names, facts.actual_arguments, 'one uuid'), facts.actual_arguments),
            ('other functions of the name', 'none', coalesce(facts.overloads, 'none')),
            ('runs as', facts.rights, case when facts.is_definer then 'SECURITY DEFINER' else 'SECURITY INVOKER' end),
            (
                'reads', 'past row level security',
                case when facts.reads_past_policies then 'past row level security' else 'as ' || facts.owner end
            ),
            ('settings', facts.settings, facts.actual_settings),
            ('is', facts.volatility, facts.actual_volatility),
            ('asks', pg_catalog.array_to_string(facts.body, ', '), coalesce(facts.words_found, 'nothing of that')),
            (
                'may be called by', facts.callers,
                case when facts.is_public then 'public, ' else '' end || coalesce(facts.actual_callers, 'nobody')
            )
    ) as assertion (question, expected, actual)
)
select
    signature || ' ' || question as object,
    expected,
    case when exists then actual else 'no such function' end as actual,
    coalesce(exists and actual = expected, false) as pass
from assertions
order by signature, question;
