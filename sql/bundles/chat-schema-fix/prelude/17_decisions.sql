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

create function schema_fix.decisions() returns table (name text, problem text, may_be_acknowledged boolean)
language sql
as $$
    select schema_fix.name_jobs(name), schema_fix.name_jobs(string_agg(problem, '; ' order by problem)), bool_and(may_be_acknowledged)
    from schema_fix.candidates_for_decision()
    group by name
    order by name
$$;
