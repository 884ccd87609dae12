--! Title: What has to be decided about a schema that nobody signed in may use

create view schema_fix.decisions_about_the_schema (name, problem, may_be_acknowledged) as
-- Privileges on tables of others count as soon as the schema may be used, and the application needs it for its own.
select
    'public',
    format(
        'authenticated has no usage of the schema public, which the fix would grant, and with it what the role may do there with %s: grant usage before'
            ' (grant usage on schema public to authenticated), and revoke there what it must not have',
        string_agg(relation.oid::regclass::text, ', ' order by relation.relname)
    ),
    false
from pg_class as relation
-- mutant: a schema that was shut is opened
where not has_schema_privilege('authenticated', 'public', 'usage')
    and relation.relnamespace = 'public'::regnamespace
    and relation.relkind in ('r', 'p', 'v', 'm', 'f')
    and relation.oid not in (select table_id from schema_fix.present_tables)
    and (
        has_any_column_privilege('authenticated', relation.oid, 'select,insert,update')
        or has_table_privilege('authenticated', relation.oid, 'delete')
    )
    and not schema_fix.was_applied()
having count(*) > 0;
