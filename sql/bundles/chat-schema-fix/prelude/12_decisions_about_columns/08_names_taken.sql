--! Title: What has to be decided about names that the fix needs

-- What the fix makes for its own use. `table_name` is that of a trigger. What the application calls, and policies, have lists of their own;
-- whatever bears the name of an index makes way.
create table schema_fix.names_needed (kind text not null, name name not null, table_name name);
insert into schema_fix.names_needed (kind, name, table_name)
values
    ('function', 'chat_user_id', null),
    ('function', 'chat_room_is_unused', null),
    ('function', 'chat_follow_column', null),
    ('function', 'guard_chat_room_member', null),
    ('function', 'appoint_chat_creator', null),
    ('function', 'refuse_message_of_nobody', null),
    ('trigger', 'chat_room_members_guard', 'chat_room_members'),
    ('trigger', 'chat_room_members_creator', 'chat_room_members'),
    ('trigger', 'chat_messages_need_a_sender', 'chat_messages'),
    ('schema', 'chat_access', null),
    ('schema', 'chat_quarantine', null);

-- What bears one of them and no earlier run of the fix made: it would be replaced without a word, and whatever uses it would ask or do
-- something else; or the fix would put its own into a schema of others. A type may have the name of a table that is yet to be made.
-- Triggers of Postgres' own functions keep no rule of the project: with the privilege `trigger` anybody creates one.
create view schema_fix.decisions_about_names_taken (name, problem, may_be_acknowledged) as
select
    taken.name,
    format(
        'the %1$s %2$s bears a name that the fix needs, and is none of an earlier run: rename it first (alter %1$s %3$s rename to …)',
        taken.kind, taken.name, taken.statement
    ),
    false
from (
    select needed.kind, routine.oid::regprocedure::text as name, routine.oid::regprocedure::text as statement
    from schema_fix.names_needed as needed
    join pg_proc as routine
        on routine.proname = needed.name
        and routine.pronamespace = 'public'::regnamespace
    where needed.kind = 'function'
    union all
    select needed.kind, format('%s.%I', acting.tgrelid::regclass, acting.tgname), format('%I on %s', acting.tgname, acting.tgrelid::regclass)
    from schema_fix.names_needed as needed
    join pg_trigger as acting
        on acting.tgname = needed.name
        and acting.tgrelid = schema_fix.table_called(needed.table_name)
    join pg_proc as routine
        on routine.oid = acting.tgfoid
        and routine.pronamespace <> 'pg_catalog'::regnamespace
    where needed.kind = 'trigger'
    union all
    select needed.kind, quote_ident(space.nspname), quote_ident(space.nspname)
    from schema_fix.names_needed as needed
    join pg_namespace as space
        on space.nspname = needed.name
    where needed.kind = 'schema'
    union all
    select 'type', type.oid::regtype::text, type.oid::regtype::text
    from schema_fix.tables as wanted
    join pg_type as type
        on type.typname = wanted.table_name
        and type.typnamespace = 'public'::regnamespace
        and type.typrelid = 0
        and type.typelem = 0
    where wanted.generation = 'current'
    union all
    select 'view', relation.oid::regclass::text, relation.oid::regclass::text
    from pg_class as relation
    where relation.oid = to_regclass('public.chat_rooms_legacy_view')
        and exists (select from pg_class as replaced where replaced.oid = to_regclass('public.chat_rooms') and replaced.relkind = 'v')
) as taken
-- mutant: what bears a name that the fix needs is replaced
where not schema_fix.was_applied()
    and not schema_fix.is_noted('nothing yet');
