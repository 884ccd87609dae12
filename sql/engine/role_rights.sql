--! Title: What roles may do whatever is granted on a table, and what is set for them; $1 the tables, $2 roles that count beside those that they name
with recursive
ours as (
    select c.oid, c.relowner, c.relacl
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
    where c.relkind in ('r', 'p') and n.nspname || '.' || c.relname = any($1::text[])
),

named as (
    select relowner as oid from ours
    union
    select x.grantee
    from ours as o
    cross join lateral pg_catalog.aclexplode(o.relacl) as x
    union
    select x.grantee
    from ours as o
    inner join pg_catalog.pg_attribute as a on o.oid = a.attrelid
    cross join lateral pg_catalog.aclexplode(a.attacl) as x
    union
    select m
    from ours as o
    inner join pg_catalog.pg_policy as p on o.oid = p.polrelid
    cross join lateral pg_catalog.unnest(p.polroles) as m
    union
    select oid from pg_catalog.pg_roles where rolname = any($2::text[]) or rolsuper or rolbypassrls
),

-- With those whose rights they have.
counted as (
    select oid from named
    union
    select m.roleid
    from counted as c
    inner join pg_catalog.pg_auth_members as m on c.oid = m.member
),

-- Several may have granted the same membership. Which of its options there are, the majors know differently.
memberships as (
    select
        m.member, m.roleid,
        pg_catalog.bool_or(m.admin_option) as has_admin,
        pg_catalog.bool_or(coalesce((pg_catalog.to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit)) as inherits,
        pg_catalog.bool_or(coalesce((pg_catalog.to_jsonb(m) ->> 'set_option')::boolean, true)) as may_set
    from pg_catalog.pg_auth_members as m
    inner join pg_catalog.pg_roles as r on m.member = r.oid
    group by m.member, m.roleid
),

told as (
    select
        r.oid, r.rolname,
        pg_catalog.concat_ws(
            ', ',
            case when r.rolsuper then 'superuser' end,
            case when r.rolbypassrls then 'bypasses row level security' end,
            case when r.rolcreaterole then 'creates roles' end,
            case when r.rolreplication then 'replicates' end,
            (
                select
                    'member of ' || pg_catalog.string_agg(
                        pg_catalog.concat_ws(
                            ' ', g.rolname,
                            case when m.has_admin then 'with admin option' end,
                            case when not m.inherits then 'without inheriting' end,
                            case when not m.may_set then 'without set role' end
                        ),
                        ', ' order by g.rolname
                    )
                from memberships as m
                inner join pg_catalog.pg_roles as g on m.roleid = g.oid
                where m.member = r.oid
            )
        ) as rights
    from pg_catalog.pg_roles as r
    where r.oid in (select oid from counted) and r.rolname !~ '^(pg|schema_fix)_'
)

select 'role ' || pg_catalog.quote_ident(rolname) as object, coalesce(nullif(rights, ''), 'nothing beside what is granted') as definition
from told

union all

select
    pg_catalog.format('membership of %I in %I', r.rolname, t.rolname),
    'as it is granted'
from told as t
inner join memberships as m on t.oid = m.roleid
inner join pg_catalog.pg_roles as r on m.member = r.oid
where m.member not in (select oid from counted) and r.rolname !~ '^(pg|schema_fix)_'

union all

-- What the application keeps in settings of its own may be secret.
select
    pg_catalog.format('settings of role %I', t.rolname),
    pg_catalog.string_agg(
        case when e.setting ~ '^[^=]*\.' then pg_catalog.split_part(e.setting, '=', 1) else e.setting end, ', ' order by s.setdatabase, e.setting
    )
from told as t
inner join pg_catalog.pg_db_role_setting as s on t.oid = s.setrole
cross join lateral pg_catalog.unnest(s.setconfig) as e (setting)
where s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
group by t.rolname
