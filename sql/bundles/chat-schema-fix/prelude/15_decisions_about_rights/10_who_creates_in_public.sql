--! Title: What has to be decided where somebody else may create objects that triggers would find

-- create_group_room and ensure_direct_conversation write with their owner's rights and look names up in public and extensions, and so do
-- the triggers that they set going. Where others create objects there, a function of theirs may fit a call better than Postgres' own.
create view schema_fix.decisions_about_who_creates (name, problem, may_be_acknowledged) as
select
    format('create on schema %s', schema.nspname),
    format(
        '%s may create objects in the schema %s, where %s would find them (no search_path of its own), with the rights of the owner of'
            ' create_group_room and ensure_direct_conversation: let nobody but owners create there (on Postgres 14 and older everybody may),'
            ' give the function a search_path that ends with pg_temp and qualify its names, or acknowledge it',
        (
            select string_agg(distinct coalesce(role.rolname::text, 'everybody'), ', ')
            from unnest(array_agg(granted.grantee)) as creator (id)
            left join pg_roles as role
                on role.oid = creator.id
        ),
        schema.nspname,
        string_agg(distinct acting.tgfoid::regprocedure::text, ', ')
    ),
    true
from pg_namespace as schema
cross join lateral aclexplode(coalesce(schema.nspacl, acldefault('n', schema.nspowner))) as granted
left join pg_roles as creator
    on creator.oid = granted.grantee
join schema_fix.present_tables as written
    on written.generation = 'current'
    and written.table_name in ('chat_rooms', 'chat_room_members', 'room_members')
join pg_trigger as acting
    on acting.tgrelid = written.table_id
    and not acting.tgisinternal
    and acting.tgenabled <> 'D'
join pg_proc as routine
    on routine.oid = acting.tgfoid
-- mutant: what others create in public runs with the owner's rights
where schema.nspname in ('public', 'extensions')
    and granted.privilege_type = 'CREATE'
    and granted.grantee <> schema.nspowner
    and (creator.rolsuper or creator.rolcreaterole) is not true
    and creator.rolname is distinct from current_user
    -- Those of owners, which the deployer has too.
    and (creator.rolname in ('anon', 'authenticated', 'service_role') or pg_has_role(creator.oid, 'usage') is not true)
    and not exists (select from unnest(routine.proconfig) as setting (text) where setting.text ~ '^search_path=')
group by schema.nspname;

-- Functions and operators of roles that the API can become, called as Postgres' own: whatever names no schema may call them instead, with the
-- rights of whoever runs it. Nobody's work is lost by dropping them.
create view schema_fix.decisions_about_names_of_postgres (name, problem, may_be_acknowledged) as
select
    format('%s %s', made.kind, made.name),
    format(
        'the %1$s %2$s belongs to %3$s, which the API can become, and is called as one of Postgres'' own, for which it may be taken: drop it (drop %1$s'
            ' %2$s), or give it to the owner of the tables, if it is meant',
        made.kind, made.name, made.owner::regrole
    ),
    false
from (
    select 'function' as kind, oid::regprocedure::text as name, proname as word, pronamespace as schema_id, proowner as owner from pg_proc
    where proname in (select own.proname from pg_proc as own where own.pronamespace = 'pg_catalog'::regnamespace)
    union all
    select 'operator', oid::regoperator::text, oprname, oprnamespace, oprowner from pg_operator
    where oprname in (select own.oprname from pg_operator as own where own.oprnamespace = 'pg_catalog'::regnamespace)
) as made
where made.schema_id in (select oid from pg_namespace where nspname in ('public', 'extensions'))
    -- mutant: a stranger's function is taken for one of Postgres' own
    and schema_fix.is_api_role(made.owner);
