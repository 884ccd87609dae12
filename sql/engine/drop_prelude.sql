--! Title: The prelude's schema is dropped with what is in it; what would go along elsewhere forbids it
do $prelude$
declare
    dependents text;
    level constant text := pg_catalog.current_setting('client_min_messages');
begin
    with recursive owned (classid, objid) as (
        select dependency.classid, dependency.objid
        from pg_catalog.pg_depend as dependency
        where dependency.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
            and dependency.refobjid = 'schema_fix'::pg_catalog.regnamespace
        union
        select dependency.classid, dependency.objid
        from owned
        join pg_catalog.pg_depend as dependency
            on dependency.refclassid = owned.classid
            and dependency.refobjid = owned.objid
            and dependency.deptype in ('a', 'i')
    )
    select pg_catalog.string_agg(
        distinct pg_catalog.pg_describe_object(dependency.classid, dependency.objid, dependency.objsubid), ', '
    )
    into dependents
    from owned
    join pg_catalog.pg_depend as dependency
        on dependency.refclassid = owned.classid
        and dependency.refobjid = owned.objid
        and dependency.deptype = 'n'
    where (dependency.classid, dependency.objid) not in (select owned.classid, owned.objid from owned);
    if dependents is not null then
        raise exception 'the fix left something behind that depends on its prelude: %', dependents
            using
                errcode = 'dependent_objects_still_exist',
                hint = 'Nothing that remains in the database may use schema_fix. Write it out where it is made.';
    end if;

    -- Without a notice that lists all of it.
    perform pg_catalog.set_config('client_min_messages', 'warning', true);
    drop schema schema_fix cascade;
    perform pg_catalog.set_config('client_min_messages', level, true);
end
$prelude$
