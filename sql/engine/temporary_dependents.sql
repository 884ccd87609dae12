--! Title: What goes along with a temporary schema when its session ends, and is not in one itself
with recursive
going as (
    select d.classid, d.objid, d.objsubid
    from pg_catalog.pg_namespace as n
    inner join pg_catalog.pg_depend as d
        on d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and n.oid = d.refobjid
    where n.nspname ~ '^pg_(toast_)?temp_'
    union
    select d.classid, d.objid, d.objsubid
    from going as g
    inner join pg_catalog.pg_depend as d on g.classid = d.refclassid and g.objid = d.refobjid
    where g.objsubid in (0, d.refobjsubid)
)

select pg_catalog.pg_describe_object(g.classid, g.objid, g.objsubid) as name
from going as g
cross join lateral pg_catalog.pg_identify_object_as_address(g.classid, g.objid, g.objsubid) as i
-- Where its schema stands in its address; what has none, an event trigger, may be called as it likes.
cross join lateral (
    select
        case
            when
                g.classid in (
                    'pg_catalog.pg_opclass'::pg_catalog.regclass, 'pg_catalog.pg_opfamily'::pg_catalog.regclass,
                    'pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass
                )
                then i.object_names[2]
            when
                g.classid in (
                    'pg_catalog.pg_type'::pg_catalog.regclass, 'pg_catalog.pg_constraint'::pg_catalog.regclass,
                    'pg_catalog.pg_cast'::pg_catalog.regclass
                )
                or pg_catalog.cardinality(i.object_names) > 1
                then i.object_names[1]
        end as name
) as s
where coalesce(s.name, '') !~ '^pg_(toast_)?temp(_\d+)?(\.|$)'
order by name
