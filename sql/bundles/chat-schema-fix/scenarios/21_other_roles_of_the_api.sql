--! Title: No other role of the API, and no default privilege, reaches what the fix leaves behind

-- Fails when: what the fix makes keeps the privileges that default privileges give, or a role that the API can become may do
-- with the tables what no policy speaks of.

--! Step: nobody but its owner holds a privilege in the quarantine
--! As: deployer
--! Expect: rows 0
select relation.relname, granted.grantee::regrole, granted.privilege_type
from pg_catalog.pg_class as relation
cross join lateral pg_catalog.aclexplode(relation.relacl) as granted
where relation.relnamespace = 'chat_quarantine'::regnamespace and granted.grantee <> relation.relowner
union all
select schema.nspname, granted.grantee::regrole, granted.privilege_type
from pg_catalog.pg_namespace as schema
cross join lateral pg_catalog.aclexplode(schema.nspacl) as granted
where schema.nspname = 'chat_quarantine' and granted.grantee <> schema.nspowner;

--! Step: nobody but who is signed in and the service may call a function of the fix; visitors, at most, a helper, which knows none of them
--! As: deployer
--! Expect: rows 0
select routine.oid::regprocedure, granted.grantee
from pg_catalog.pg_proc as routine
cross join lateral pg_catalog.aclexplode(coalesce(routine.proacl, pg_catalog.acldefault('f', routine.proowner))) as granted
where (
        routine.pronamespace = 'public'::regnamespace
        and routine.proname in (
            'user_is_room_member', 'user_is_group_member', 'user_is_in_room', 'user_is_group_admin', 'chat_room_is_unused',
            'create_group_room', 'ensure_direct_conversation', 'open_or_create_dm', 'chat_user_id', 'guard_chat_room_member', 'appoint_chat_creator'
        )
        or routine.pronamespace = to_regnamespace('chat_access')
    )
    -- A helper of the project's that takes more goes on beside the fix's.
    and (routine.proname not like 'user\_is\_%' or routine.pronargs = 1)
    and granted.grantee <> routine.proowner
    and granted.grantee not in ('authenticated'::regrole, 'service_role'::regrole)
    and not (granted.grantee = 'anon'::regrole and routine.proname like 'user\_is\_%');

--! Step: the views that policies read are read by whoever is signed in, and by nobody else
--! As: deployer
--! Expect: value authenticated SELECT, authenticated SELECT
select string_agg(granted.grantee::regrole || ' ' || granted.privilege_type, ', ')
from pg_catalog.pg_class as view
cross join lateral pg_catalog.aclexplode(view.relacl) as granted
where view.oid in ('chat_access.my_rooms'::regclass, 'chat_access.my_new_groups'::regclass) and granted.grantee <> view.relowner;

--! Step: no role that the API can become may do what no policy speaks of
--! As: deployer
--! Expect: rows 0
select role.rolname, relation.name, privilege.name
from pg_catalog.pg_roles as api
join pg_catalog.pg_roles as role on pg_has_role(api.oid, role.oid, 'member') and not (role.rolsuper or role.rolbypassrls)
cross join unnest(array[
    'public.chat_rooms', 'public.chat_room_members', 'public.room_members', 'public.chat_messages'
]) as relation (name)
cross join unnest(array['truncate', 'trigger', 'references', 'insert']) as privilege (name)
where api.rolname in ('anon', 'authenticated', 'authenticator')
    and role.rolname <> current_user
    and has_table_privilege(role.oid, relation.name, privilege.name);

--! Step: alice sees her own rooms in the view, and nobody else's
--! As: alice
--! Expect: rows 1
--! Keep: group
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: in the view');

--! Step: hers
--! As: alice
--! Expect: rows 1
select room_id from chat_access.my_rooms where room_id = current_setting('scenario.group')::uuid;

--! Step: the stranger does not
--! As: stranger
--! Expect: rows 0
select room_id from chat_access.my_rooms;

--! Step: the visitor may not ask
--! As: visitor
--! Expect: error 42501
select room_id from chat_access.my_rooms;

--! Step: a token without a subject is in no room
--! As: nobody
--! Expect: rows 0
select room_id from chat_access.my_rooms;
