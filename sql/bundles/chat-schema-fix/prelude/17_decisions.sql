--! Title: What has to be decided, all of it

-- The views that say it: those called decisions_about_….
create function schema_fix.decision_views() returns setof regclass
language sql
stable
as $$
    select oid::regclass
    from pg_class
    where relnamespace = 'schema_fix'::regnamespace
        and relkind = 'v'
        and relname ~ '^decisions_about_'
$$;

-- Each view by itself: planned together, they take several times as long. They are of many tables, of which all are small: the order
-- in which they are joined hardly matters, and to weigh every order takes longer than the query.
create function schema_fix.candidates_for_decision() returns table (name text, problem text, may_be_acknowledged boolean)
language plpgsql
set join_collapse_limit = '2'
set from_collapse_limit = '2'
as $$
declare
    candidates regclass;
begin
    -- Once. Nothing is deleted: a publication for all tables forbids it of a table without a key.
    insert into schema_fix.tables_left
    select table_id, table_name, how
    from schema_fix.tables_to_leave
    where not schema_fix.was_applied()
        and not exists (select from schema_fix.tables_left);
    -- The small chat is not made where nobody would be asked in it.
    if exists (select from schema_fix.present_policies where is_permissive) then
        perform schema_fix.try_old_rules();
    end if;
    for candidates in
        select decisions.view from schema_fix.decision_views() as decisions (view)
    loop
        return query execute format('table %s', candidates);
    end loop;
end
$$;

-- What goes by a function, itself or through another one: policies of tables of others, restrictive ones, and views. Where it fails, they do.
create view schema_fix.goes_by_functions (name, followers) as
select called.function_id::regprocedure::text, string_agg(distinct coalesce(policy.said, rule.ev_class::regclass::text), ', ')
from schema_fix.functions_called as called
join pg_depend as using_it
    on using_it.refclassid = 'pg_proc'::regclass
    and using_it.refobjid = called.caller_id
left join (
    select oid, format('the policy %I of %s', polname, polrelid::regclass) as said
    from pg_policy
    where not polpermissive
        or polrelid not in (select table_id from schema_fix.present_tables)
) as policy
    on using_it.classid = 'pg_policy'::regclass
    and policy.oid = using_it.objid
left join pg_rewrite as rule
    on using_it.classid = 'pg_rewrite'::regclass
    and rule.oid = using_it.objid
where policy.oid is not null or rule.oid is not null
group by called.function_id;

create function schema_fix.decisions() returns table (name text, problem text, may_be_acknowledged boolean)
language sql
as $$
    select
        schema_fix.name_jobs(name),
        schema_fix.name_jobs(concat(string_agg(problem, '; ' order by problem), '; by it goes ' || followers)),
        bool_and(may_be_acknowledged)
    from schema_fix.candidates_for_decision()
    left join schema_fix.goes_by_functions
        using (name)
    group by name, followers
    order by name
$$;
