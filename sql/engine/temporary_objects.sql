--! Title: What is in the temporary schema of this session, and how each is dropped; parts of others go with them
select d.classid || ' ' || d.objid as id, pg_catalog.format('drop %s if exists %s cascade', k.kind, i.identity) as statement
from pg_catalog.pg_depend as d
cross join lateral pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) as i
cross join lateral (
    select case i.type when 'composite type' then 'type' when 'statistics object' then 'statistics' else i.type end as kind
) as k
where
    d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
    and d.refobjid = pg_catalog.pg_my_temp_schema()
    and not exists (
        select from pg_catalog.pg_depend as p
        where p.classid = d.classid and p.objid = d.objid and p.objsubid = 0 and p.deptype in ('a', 'i', 'P', 'S')
    )
order by d.objid
