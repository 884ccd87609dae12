--! Title: An application that says by app.user_id who asks, with one role for all its requests

-- Who owns the tables, and who the requests run as. Neither is a superuser or bypasses row level security.
do $$
declare
    missing text;
begin
    for missing in
        select name
        from unnest(array['billing_owner', 'billing_app']) as name
        where not exists (select from pg_catalog.pg_roles where rolname = name)
    loop
        execute pg_catalog.format('create role %I nologin', missing);
        execute pg_catalog.format('comment on role %I is %L', missing, 'created by schema-fix-action');
    end loop;
end
$$;

grant create, usage on schema public to billing_owner;
grant usage on schema public to billing_app;
