--! Title: Policy Count

-- How many policies, and then what each says: a policy of the right name may let everybody in, and one too many undoes the
-- others. None asks its own table: they ask helpers, and views of the rooms that the caller is in or fills, which read past
-- row level security.
with expected_count (relation, policies) as (
    values
        ('public.chat_rooms', 2),
        ('public.chat_room_members', 5),
        ('public.room_members', 2),
        ('public.chat_messages', 2)
),
-- As Postgres writes them back. The other rule: where members change columns of their own, the trigger says which, and sees to the others; and
-- senders read their own messages, wherever they are, where an old policy let them.
expected_rule (relation, command, kind, rule, other_rule) as (
    values
        (
            'public.chat_rooms', 'SELECT', 'permissive',
            'using ((EXISTS ( SELECT FROM chat_access.my_rooms mine WHERE (mine.room_id = chat_rooms.id)))'
                ' OR ((created_by = ( SELECT auth.uid() AS uid)) AND public.chat_room_is_unused(id)))',
            null
        ),
        (
            'public.chat_rooms', 'INSERT', 'permissive',
            'with check (created_by = ( SELECT auth.uid() AS uid))',
            null
        ),
        (
            'public.chat_room_members', 'SELECT', 'permissive',
            'using ((user_id = ( SELECT auth.uid() AS uid))'
                ' OR (EXISTS ( SELECT FROM chat_access.my_rooms mine WHERE (mine.room_id = chat_room_members.room_id)))'
                ' OR (EXISTS ( SELECT FROM chat_access.my_new_groups mine WHERE (mine.room_id = chat_room_members.room_id))))',
            null
        ),
        (
            'public.chat_room_members', 'INSERT', 'permissive',
            'with check (((invited_by IS NULL) OR (invited_by = ( SELECT auth.uid() AS uid)))'
                ' AND (((user_id = ( SELECT auth.uid() AS uid)) AND (((status = ''pending''::text)'
                ' AND (role = ''member''::text)) OR public.user_is_in_room(room_id)))'
                ' OR public.user_is_group_admin(room_id)))',
            null
        ),
        (
            'public.chat_room_members', 'UPDATE', 'permissive',
            'using (((user_id = ( SELECT auth.uid() AS uid)) AND (status = ''pending''::text))'
                ' OR public.user_is_group_admin(room_id))'
                ' with check (((user_id = ( SELECT auth.uid() AS uid)) AND (status = ''pending''::text)'
                ' AND (role = ''member''::text)) OR public.user_is_group_admin(room_id))',
            'using (((user_id = ( SELECT auth.uid() AS uid)) AND (status <> ''blocked''::text))'
                ' OR public.user_is_group_admin(room_id))'
                ' with check (((user_id = ( SELECT auth.uid() AS uid)) AND (((status = ''pending''::text)'
                ' AND (role = ''member''::text)) OR (status = ''approved''::text)))'
                ' OR public.user_is_group_admin(room_id))'
        ),
        (
            'public.chat_room_members', 'DELETE', 'permissive',
            'using (((user_id = ( SELECT auth.uid() AS uid)) AND (status <> ''blocked''::text))'
                ' OR (public.user_is_group_admin(room_id) AND (NOT ((role = ''admin''::text)'
                ' AND (status = ''approved''::text) AND (EXISTS ( SELECT FROM public.chat_rooms room'
                ' WHERE ((room.id = chat_room_members.room_id)'
                ' AND (room.created_by = chat_room_members.user_id))))))))',
            null
        ),
        (
            'public.chat_room_members', 'UPDATE', 'restrictive',
            'using ((user_id = ( SELECT auth.uid() AS uid)) OR (NOT ((role = ''admin''::text)'
                ' AND (status = ''approved''::text) AND (EXISTS ( SELECT FROM public.chat_rooms room'
                ' WHERE ((room.id = chat_room_members.room_id)'
                ' AND (room.created_by = chat_room_members.user_id)))))))'
                ' with check (( SELECT auth.uid() AS uid) IS NOT NULL)',
            null
        ),
        (
            'public.room_members', 'SELECT', 'permissive',
            'using ((user_id = ( SELECT auth.uid() AS uid))'
                ' OR (EXISTS ( SELECT FROM chat_access.my_rooms mine WHERE (mine.room_id = room_members.room_id))))',
            null
        ),
        (
            'public.room_members', 'INSERT', 'permissive',
            'with check ((user_id = ( SELECT auth.uid() AS uid)) AND public.user_is_room_member(room_id))',
            null
        ),
        (
            'public.chat_messages', 'SELECT', 'permissive',
            'using (EXISTS ( SELECT FROM chat_access.my_rooms mine WHERE (mine.room_id = chat_messages.room_id)))',
            'using ((sender = ( SELECT auth.uid() AS uid))'
                ' OR (EXISTS ( SELECT FROM chat_access.my_rooms mine WHERE (mine.room_id = chat_messages.room_id))))'
        ),
        (
            'public.chat_messages', 'INSERT', 'permissive',
            'with check ((sender = ( SELECT auth.uid() AS uid)) AND public.user_is_in_room(room_id))',
            null
        )
),
-- Permissive policies, and the restrictive one of the fix. Other restrictive ones only narrow, and by one that lets a role read which the API
-- cannot become nobody else does: they are listed below.
policies as (
    select
        expected_count.relation,
        policy.polname as name,
        policy.polname = 'chat_room_members_keep_creator'
        or policy.polpermissive and (
            policy.polcmd <> 'r'
            or exists (
                select
                from pg_catalog.unnest(policy.polroles) as named (id)
                left join pg_catalog.pg_roles as api
                    on api.rolname in ('anon', 'authenticated', 'authenticator')
                    and pg_catalog.pg_has_role(api.oid, named.id, 'member')
                left join pg_catalog.pg_roles as role on role.oid = named.id
                where named.id = 0 or api.oid is not null and not (role.rolsuper or role.rolbypassrls)
            )
        ) as is_counted,
        case policy.polcmd
            when 'r' then 'SELECT'
            when 'a' then 'INSERT'
            when 'w' then 'UPDATE'
            when 'd' then 'DELETE'
            else 'ALL'
        end as command,
        case when policy.polpermissive then 'permissive' else 'restrictive' end as kind,
        (
            select pg_catalog.string_agg(coalesce(role.rolname, 'public'), ', ' order by role.rolname)
            from pg_catalog.unnest(policy.polroles) as named (id)
            left join pg_catalog.pg_roles as role on role.oid = named.id
        ) as roles,
        pg_catalog.regexp_replace(
            pg_catalog.concat_ws(
                ' ',
                'using ' || pg_catalog.pg_get_expr(policy.polqual, policy.polrelid),
                'with check ' || pg_catalog.pg_get_expr(policy.polwithcheck, policy.polrelid)
            ),
            '\s+', ' ', 'g'
        ) as rule
    from expected_count
    join pg_catalog.pg_policy as policy on policy.polrelid = pg_catalog.to_regclass(expected_count.relation)
),
-- A varchar column is compared through a cast, which says nothing about who may do what.
comparable as (
    select
        policies.*,
        pg_catalog.regexp_replace(
            pg_catalog.replace(policies.rule, '::character varying', '::text'), '\((\w+)\)::text', '\1', 'g'
        ) as plain_rule
    from policies
)
select
    expected_count.relation as object,
    expected_count.policies || ' policies' as expected,
    case
        when pg_catalog.to_regclass(expected_count.relation) is null then 'no such table'
        else pg_catalog.count(policies.relation) || ' policies'
    end as actual,
    pg_catalog.count(policies.relation) = expected_count.policies as pass
from expected_count
left join policies
    on policies.relation = expected_count.relation
    and policies.is_counted
group by expected_count.relation, expected_count.policies
union all
select
    expected_rule.relation || ', ' || expected_rule.kind || ' for ' || expected_rule.command as object,
    'to authenticated ' || expected_rule.rule as expected,
    coalesce(
        pg_catalog.string_agg('to ' || comparable.roles || ' ' || comparable.rule, '; ' order by comparable.rule),
        'no such policy'
    ) as actual,
    pg_catalog.count(comparable.relation) = 1
        and coalesce(pg_catalog.bool_and(comparable.roles = 'authenticated'), false)
        and coalesce(
            pg_catalog.bool_and(comparable.plain_rule in (expected_rule.rule, expected_rule.other_rule)), false
        ) as pass
from expected_rule
left join comparable
    on comparable.relation = expected_rule.relation
    and comparable.is_counted
    and comparable.command = expected_rule.command
    and comparable.kind = expected_rule.kind
group by expected_rule.relation, expected_rule.kind, expected_rule.command, expected_rule.rule
union all
select
    'trigger on public.chat_room_members' as object,
    wanted.definition as expected,
    case
        when guard.oid is null then 'no such trigger'
        when guard.tgenabled in ('D', 'R') then pg_catalog.pg_get_triggerdef(guard.oid) || ' (disabled)'
        else pg_catalog.pg_get_triggerdef(guard.oid)
    end as actual,
    coalesce(
        guard.tgenabled in ('O', 'A')
            and pg_catalog.regexp_replace(pg_catalog.pg_get_triggerdef(guard.oid), '\(''[^)]*''\)$', '()') = wanted.definition,
        false
    ) as pass
from (
    values (
        'CREATE TRIGGER chat_room_members_guard BEFORE INSERT OR DELETE OR UPDATE ON public.chat_room_members FOR EACH ROW'
            ' WHEN (row_security_active(''public.chat_room_members''::text))'
            ' EXECUTE FUNCTION public.guard_chat_room_member()'
    )
) as wanted (definition)
left join pg_catalog.pg_trigger as guard
    on guard.tgrelid = pg_catalog.to_regclass('public.chat_room_members') and guard.tgname = 'chat_room_members_guard'
union all
select
    policies.relation || ', kept: ' || policies.name as object,
    case policies.kind
        when 'restrictive' then 'a restrictive policy, which only narrows'
        else 'a policy for a role that the API cannot become'
    end as expected,
    policies.kind || ' for ' || policies.command || ' to ' || policies.roles || ' ' || policies.rule as actual,
    true as pass
from policies
where not policies.is_counted
union all
-- The views read as their owner: what they say of the caller is all that keeps people apart.
select
    'view ' || wanted.name || ', ' || claim.question as object,
    claim.expected,
    case when view.oid is null then 'no such view' else claim.actual end as actual,
    coalesce(view.oid is not null and claim.actual = claim.expected, false) as pass
from (
    values (
        'chat_access.my_rooms',
        'SELECT member.room_id FROM (public.chat_room_members member JOIN public.chat_rooms room ON ((room.id = member.room_id)))'
            ' WHERE ((member.user_id = ( SELECT auth.uid() AS uid)) AND (member.status = ''approved''::text)'
            ' AND (room.type = ''group''::text))'
            ' UNION ALL'
            ' SELECT person.room_id FROM (public.room_members person JOIN public.chat_rooms room'
            ' ON ((room.id = person.room_id)))'
            ' WHERE ((person.user_id = ( SELECT auth.uid() AS uid)) AND (room.type = ''dm''::text)'
            ' AND (NOT (EXISTS ( SELECT FROM public.chat_room_members member'
            ' WHERE ((member.room_id = person.room_id) AND (member.user_id = person.user_id)'
            ' AND (member.status = ''blocked''::text))))));'
    ), (
        'chat_access.my_new_groups',
        'SELECT room.id AS room_id FROM public.chat_rooms room'
            ' WHERE ((room.created_by = ( SELECT auth.uid() AS uid)) AND (room.type = ''group''::text)'
            ' AND (NOT (EXISTS ( SELECT FROM public.chat_room_members member WHERE (member.room_id = room.id)))))'
            ' UNION ALL'
            ' SELECT begun.room_id FROM (chat_access.begun_rooms begun JOIN public.chat_rooms room ON ((room.id = begun.room_id)))'
            ' WHERE (room.created_by = ( SELECT auth.uid() AS uid));'
    )
) as wanted (name, definition)
left join pg_catalog.pg_class as view on view.oid = pg_catalog.to_regclass(wanted.name) and view.relkind = 'v'
cross join lateral (
    values
        (
            'definition',
            wanted.definition,
            pg_catalog.regexp_replace(
                pg_catalog.replace(
                    pg_catalog.regexp_replace(
                        pg_catalog.btrim(pg_catalog.pg_get_viewdef(view.oid)), '\s+', ' ', 'g'
                    ),
                    '::character varying', '::text'
                ),
                '\((member\.\w+|room\.\w+)\)::text', '\1', 'g'
            )
        ),
        ('options', 'security_barrier=true', coalesce(pg_catalog.array_to_string(view.reloptions, ', '), 'none')),
        (
            'granted to',
            'authenticated: SELECT',
            coalesce(
                (
                    select pg_catalog.string_agg(
                        pg_catalog.concat(coalesce(role.rolname, 'public'), ': ', granted.privilege_type), ', '
                        order by role.rolname, granted.privilege_type
                    )
                    from pg_catalog.aclexplode(view.relacl) as granted
                    left join pg_catalog.pg_roles as role on role.oid = granted.grantee
                    where granted.grantee <> view.relowner
                ),
                'nobody'
            )
        )
) as claim (question, expected, actual)
union all
select
    'schema chat_access, granted to' as object,
    'authenticated: USAGE' as expected,
    coalesce(granted.listed, 'nobody') as actual,
    granted.listed is not distinct from 'authenticated: USAGE' as pass
from (
    select
        pg_catalog.string_agg(
            pg_catalog.concat(coalesce(role.rolname, 'public'), ': ', privilege.privilege_type), ', '
            order by role.rolname, privilege.privilege_type
        ) as listed
    from pg_catalog.pg_namespace as schema
    cross join lateral pg_catalog.aclexplode(schema.nspacl) as privilege
    left join pg_catalog.pg_roles as role on role.oid = privilege.grantee
    where schema.nspname = 'chat_access'
        and privilege.grantee <> schema.nspowner
) as granted
order by object;
