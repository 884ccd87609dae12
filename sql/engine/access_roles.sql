--! Title: The roles of the API, and what each is: those named, and whatever the data API can become
with
reached as (
    select r.oid, false as is_granted_elsewhere
    from pg_catalog.pg_roles as r
    where r.rolname = any($1::pg_catalog.text[])

    union all

    -- Roles belong to the server: whoever works on another of its databases may have granted one since. What this
    -- transaction granted has a number of its own or of a part of it, which comes after it and is not decided.
    select
        m.roleid,
        not case
            when w.id between c.id and c.id + 1000000
                then pg_catalog.pg_xact_status(w.id::pg_catalog.text::pg_catalog.xid8) = 'in progress'
            else false
        end
    from pg_catalog.pg_auth_members as m
    inner join pg_catalog.pg_roles as a on m.member = a.oid
    cross join (select pg_catalog.pg_current_xact_id()::pg_catalog.text::bigint as id) as c
    cross join lateral (
        select c.id - c.id % 4294967296 + m.xmin::pg_catalog.text::bigint as id
    ) as w
    where a.rolname = 'authenticator'
),

reachable as (
    select oid, pg_catalog.bool_and(is_granted_elsewhere) as is_granted_elsewhere from reached group by oid
)

select
    r.rolname as role,
    r.rolsuper or r.rolbypassrls as "isUnbound",
    pg_catalog.pg_has_role(r.oid, 'member') as "isWithinReach",
    a.is_granted_elsewhere as "isGrantedElsewhere",
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
