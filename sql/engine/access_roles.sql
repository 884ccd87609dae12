--! Title: The roles of the API, and what each is: those named, and whatever the data API can become
with
reachable as (
    select r.oid
    from pg_catalog.pg_roles as r
    where r.rolname = any($1::pg_catalog.text[])

    union

    select m.roleid
    from pg_catalog.pg_auth_members as m
    inner join pg_catalog.pg_roles as a on m.member = a.oid
    where a.rolname = 'authenticator'
)

select
    r.rolname as role,
    r.rolsuper or r.rolbypassrls as "isUnbound",
    -- From 16 on a member may be one that cannot become it: whoever makes a role administers it, and no more.
    pg_catalog.pg_has_role(
        session_user,
        r.oid,
        case when pg_catalog.current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end
    ) as "isWithinReach",
    pg_catalog.concat_ws(
        ', ',
        case when r.rolsuper then 'superuser' end,
        case when r.rolbypassrls then 'bypassrls' end,
        case when r.rolcreaterole then 'createrole' end,
        (
            select 'member of ' || pg_catalog.string_agg(pg_catalog.quote_ident(o.rolname), ', ' order by o.rolname)
            from pg_catalog.pg_roles as o
            where o.oid <> r.oid and not r.rolsuper and pg_catalog.pg_has_role(r.oid, o.oid, 'member')
        )
    ) as attributes
from reachable as a
inner join pg_catalog.pg_roles as r on a.oid = r.oid
order by r.rolname
