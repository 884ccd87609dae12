-- Event triggers that fire on what a fix makes, changes or drops, and whether their functions write rows or raise errors of their own. An extension's
-- are not asked: they notify.
select
    pg_catalog.quote_ident(e.evtname) as name,
    e.evtfoid::pg_catalog.regprocedure::text as function,
    f.prosrc ~* '\m(insert\s+into|update\s+[\w.",\s]+?\mset|delete\s+from|merge\s+into|nextval)\M' as may_write,
    f.prosrc ~* '\mraise\s+(?!notice|log|info|debug|warning)' as may_refuse
from pg_catalog.pg_event_trigger as e
inner join pg_catalog.pg_proc as f on e.evtfoid = f.oid
where
    e.evtenabled in ('O', 'A')
    and e.evtevent in ('ddl_command_start', 'ddl_command_end', 'sql_drop', 'table_rewrite')
    -- Such as fire on extensions alone, as those of the hosts do.
    and not coalesce(e.evttags <@ array['CREATE EXTENSION', 'ALTER EXTENSION', 'DROP EXTENSION', 'CREATE FOREIGN DATA WRAPPER'], false)
    and not exists (
        select
        from pg_catalog.pg_depend as d
        where d.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass and d.objid = e.oid and d.deptype = 'e'
    )
order by 1
