--! Title: The schema in which a fix keeps its facts and tools while it runs
do $prelude$
declare
    grantee text;
begin
    if pg_catalog.to_regnamespace('schema_fix') is not null then
        raise exception 'the schema schema_fix exists already'
            using
                errcode = 'duplicate_schema',
                hint = 'The fix needs this name for its own temporary tools. Rename or drop that schema; then run the fix again.';
    end if;
    if not pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create') then
        raise exception 'role % may not create the schema schema_fix', current_user
            using
                errcode = 'insufficient_privilege',
                hint = 'Grant create on this database to the role that runs the fix.';
    end if;
    create schema schema_fix;

    -- Default privileges may have opened it.
    for grantee in
        select distinct case when granted.grantee = 0 then 'public' else granted.grantee::pg_catalog.regrole::pg_catalog.text end
        from pg_catalog.pg_namespace as schema
        cross join lateral pg_catalog.aclexplode(schema.nspacl) as granted
        where schema.nspname = 'schema_fix'
            and granted.grantee <> schema.nspowner
    loop
        execute pg_catalog.format('revoke all on schema schema_fix from %s', grantee);
    end loop;
end
$prelude$
