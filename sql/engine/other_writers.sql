--! Title: Roles as whom no person is tried, a server's, a job's, the deployer's own, and whether the deployer can become each; `$1`: those who are tried, `$2`: tables of the fix
select
    r.rolname as role,
    r.rolname = current_user as "isDeployer",
    -- The data API sets the role's name for whoever comes as it.
    exists (
        select
        from pg_catalog.pg_auth_members as m
        inner join pg_catalog.pg_roles as a on m.member = a.oid
        where m.roleid = r.oid and a.rolname = 'authenticator'
    ) as "isOfApi",
    r.rolname = current_user or d.may as "isWithinReach",
    exists (
        select
        from pg_catalog.pg_class as c
        inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
        where
            n.nspname || '.' || c.relname = any($2::text[])
            and pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage')
            and pg_catalog.has_table_privilege(r.oid, c.oid, 'insert, update, delete')
    ) as "mayWrite"
from pg_catalog.pg_roles as r
cross join lateral (
    select pg_catalog.pg_has_role(
        session_user,
        r.oid,
        case when pg_catalog.current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end
    ) as may
) as d
where
    not r.rolsuper
    and r.rolname <> all($1::text[])
    -- The platform's file makes those of the last name to stand for the owner of a project: no project has one.
    and (r.rolname = current_user or r.rolname !~ '^(pg|schema_fix)_|^supabase_owner(_no_bypass)?$')
order by r.rolname
