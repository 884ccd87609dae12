--! Title: Roles as whom no person is tried, and that the deployer can become: a server's, a job's, the deployer's own; `$1`: those who are tried
select
    r.rolname as role,
    r.rolname = current_user as "isDeployer",
    -- The data API sets the role's name for whoever comes as it.
    exists (
        select
        from pg_catalog.pg_auth_members as m
        inner join pg_catalog.pg_roles as a on m.member = a.oid
        where m.roleid = r.oid and a.rolname = 'authenticator'
    ) as "isOfApi"
from pg_catalog.pg_roles as r
where
    not r.rolsuper
    and r.rolname <> all($1::text[])
    and (
        r.rolname = current_user
        or (
            r.rolname !~ '^(pg|schema_fix)_'
            and pg_catalog.pg_has_role(
                session_user,
                r.oid,
                case when pg_catalog.current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end
            )
        )
    )
order by r.rolname
