--! Title: What of the history is not as the engine makes it: one row for each, as a sentence names it
with
history as (
    select oid, nspowner as owner, nspacl as acl
    from pg_catalog.pg_namespace
    where nspname = 'schema_fix_history'
),

relations as (
    select c.*, pg_catalog.format('schema_fix_history.%I', c.relname) as name
    from pg_catalog.pg_class as c
    inner join history as h on c.relnamespace = h.oid
)

select pg_catalog.format('the schema belongs to %s', h.owner::pg_catalog.regrole) as what
from history as h
where h.owner <> (select oid from pg_catalog.pg_roles where rolname = current_user)
union all
select pg_catalog.format('%s belongs to %s', r.name, r.relowner::pg_catalog.regrole)
from relations as r
where r.relowner <> (select oid from pg_catalog.pg_roles where rolname = current_user)
union all
select pg_catalog.format('%s may %s of the schema', coalesce(g.rolname, 'everybody'), lower(x.privilege_type))
from history as h
cross join lateral pg_catalog.aclexplode(h.acl) as x
left join pg_catalog.pg_roles as g on x.grantee = g.oid
where x.grantee <> h.owner
union all
select pg_catalog.format('%s may %s %s', coalesce(g.rolname, 'everybody'), lower(x.privilege_type), r.name)
from relations as r
cross join lateral (
    select r.relacl as acl
    union all
    select a.attacl
    from pg_catalog.pg_attribute as a
    where a.attrelid = r.oid and a.attacl is not null
) as o
cross join lateral pg_catalog.aclexplode(o.acl) as x
left join pg_catalog.pg_roles as g on x.grantee = g.oid
where x.grantee <> r.relowner
union all
select pg_catalog.format('the trigger %I acts on %s', t.tgname, r.name)
from pg_catalog.pg_trigger as t
inner join relations as r on t.tgrelid = r.oid
where not t.tgisinternal
union all
select pg_catalog.format('the rule %I acts on %s', w.rulename, r.name)
from pg_catalog.pg_rewrite as w
inner join relations as r on w.ev_class = r.oid
union all
select pg_catalog.format('%s is no table of the engine', r.name)
from relations as r
where r.relkind not in ('r', 'S', 'i') or r.relkind = 'r' and r.relname not in ('runs', 'rows', 'kept')
union all
select pg_catalog.format('%s has row level security', r.name)
from relations as r
where r.relrowsecurity
union all
select pg_catalog.format('%s is not an ordinary table', r.name)
from relations as r
where r.relhassubclass or exists (select from pg_catalog.pg_inherits as i where i.inhrelid = r.oid and r.relkind = 'r')
order by 1
