--! Title: What is made again when an id gets another type

-- As a report writes it.
create function schema_fix.name_of_schema(schema oid) returns text
language sql
stable
return (select nspname from pg_namespace where oid = schema);

-- What reads an id of a room or a message, or a column that points at one, is made again when that gets another type. Nothing else may
-- differ: bundle.yml asks this view.
create view schema_fix.objects_made_again as
with recursive tied (oid) as (
    select table_id::oid from schema_fix.present_tables
    union
    select further.oid
    from tied
    cross join lateral (
        select key.conrelid as oid
        from pg_constraint as key
        where key.confrelid = tied.oid
            and key.contype = 'f'
        union all
        select rule.ev_class
        from pg_depend as reading
        join pg_rewrite as rule
            on rule.oid = reading.objid
            and rule.rulename = '_RETURN'
        where reading.refclassid = 'pg_class'::regclass
            and reading.refobjid = tied.oid
            and reading.classid = 'pg_rewrite'::regclass
    ) as further
),

readers as (
    select distinct reading.classid, reading.objid
    from pg_depend as reading
    where reading.refclassid = 'pg_class'::regclass
        and reading.refobjid in (select oid from tied)
)

select format('view %s.%s', schema_fix.name_of_schema(relation.relnamespace), relation.relname) as name
from tied
join pg_class as relation
    on relation.oid = tied.oid
    and relation.relkind in ('v', 'm')
union
select format('policy %s on %s.%s', policy.polname, schema_fix.name_of_schema(relation.relnamespace), relation.relname)
from pg_policy as policy
join pg_class as relation
    on relation.oid = policy.polrelid
where policy.polrelid in (select oid from tied)
    or policy.oid in (select objid from readers where classid = 'pg_policy'::regclass)
union
select format('function %s.%s', schema_fix.name_of_schema(routine.pronamespace), routine.proname)
from readers
join pg_proc as routine
    on readers.classid = 'pg_proc'::regclass
    and routine.oid = readers.objid
union
-- The fix's own, and those that make way for them.
select format('function public.%s', function_name)
from schema_fix.functions;
