--! Title: What row level security does not guard is not granted: truncate, triggers, references, execution

-- Fails when: the platform's automatic grants of truncate, trigger or references are left to authenticated or anon, a
-- function keeps the execute right that public gets on creation, or whoever sends may set the numbering back.

--! Step: alice, who is a user like any other, creates a group
--! As: alice
--! Expect: rows 1
select public.create_group_room(p_creator => (select auth.uid()), p_name => 'Scenario: privileges');

--! Step: a user empties the messages
--! As: alice
--! Expect: error 42501
truncate public.chat_messages;

--! Step: the rooms
--! As: alice
--! Expect: error 42501
truncate public.chat_rooms cascade;

--! Step: the groups' members
--! As: alice
--! Expect: error 42501
truncate public.chat_room_members;

--! Step: the conversations' members
--! As: alice
--! Expect: error 42501
truncate public.room_members;

--! Step: the visitor does
--! As: visitor
--! Expect: error 42501
truncate public.chat_messages;

--! Step: a user hangs a trigger on the messages that swallows what others send
--! As: alice
--! Expect: error 42501
create trigger swallow before insert on public.chat_messages
    for each row execute function pg_catalog.suppress_redundant_updates_trigger();

--! Step: nor may a user point foreign keys at the rooms, which would tell him which exist
--! As: deployer
--! Expect: rows 0
select relation, privilege
from unnest(array[
    'public.chat_rooms', 'public.chat_room_members', 'public.room_members', 'public.chat_messages'
]) as relation
cross join unnest(array['truncate', 'trigger', 'references']) as privilege
where has_table_privilege('authenticated', relation, privilege);

--! Step: nor read or set back the numbers that messages get, which would make the next one fail
--! As: deployer
--! Expect: rows 0
select sequence.oid::regclass, role.name, privilege
from pg_catalog.pg_class as sequence
join pg_catalog.pg_depend as owned
    on owned.classid = 'pg_catalog.pg_class'::regclass and owned.objid = sequence.oid and owned.deptype in ('a', 'i')
cross join unnest(array['anon', 'authenticated']) as role (name)
cross join unnest(array['select', 'update']) as privilege
where sequence.relkind = 'S'
    and owned.refobjid in (
        'public.chat_rooms'::regclass, 'public.chat_room_members'::regclass, 'public.room_members'::regclass,
        'public.chat_messages'::regclass
    )
    and has_sequence_privilege(role.name, sequence.oid, privilege);

--! Step: no function of ours is executable by public, nor by anon any that changes something; all seven are by authenticated
--! As: deployer
--! Expect: value 7 0 0
select concat_ws(
    ' ',
    count(*) filter (where has_function_privilege('authenticated', oid, 'execute')),
    count(*) filter (where has_function_privilege('anon', oid, 'execute') and provolatile = 'v'),
    count(*) filter (
        where exists (
            select
            from pg_catalog.aclexplode(coalesce(proacl, pg_catalog.acldefault('f', proowner))) as granted
            where granted.grantee = 0
        )
    )
)
from pg_catalog.pg_proc
where oid in (
    'public.user_is_room_member(uuid)'::regprocedure,
    'public.user_is_group_member(uuid)'::regprocedure,
    'public.user_is_in_room(uuid)'::regprocedure,
    'public.user_is_group_admin(uuid)'::regprocedure,
    'public.create_group_room(uuid, boolean, uuid[], text)'::regprocedure,
    'public.ensure_direct_conversation(uuid, uuid)'::regprocedure,
    'public.open_or_create_dm(uuid)'::regprocedure
);

--! Step: public has no privilege on the four tables or on one of their columns, nor has anon, but to ask for rows, of which it sees none
--! As: deployer
--! Expect: rows 0
select relation::regclass, granted.privilege_type
from unnest(array[
    'public.chat_rooms', 'public.chat_room_members', 'public.room_members', 'public.chat_messages'
]::regclass[]) as relation
join pg_catalog.pg_class on pg_class.oid = relation
cross join lateral (
    select * from pg_catalog.aclexplode(relacl)
    union all
    select exploded.*
    from pg_catalog.pg_attribute
    cross join lateral pg_catalog.aclexplode(attacl) as exploded
    where attrelid = relation
) as granted
where granted.grantee = 0
    or granted.grantee = 'anon'::regrole
    and granted.privilege_type <> 'SELECT';
