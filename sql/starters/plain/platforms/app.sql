--! Title: An application with one role for its users

-- Who owns the tables, and who the requests of users run as. Neither is a superuser or bypasses row level security.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'app_owner') then
        create role app_owner nologin;
        comment on role app_owner is 'created by schema-fix-action';
    end if;
    if not exists (select from pg_catalog.pg_roles where rolname = 'app_user') then
        create role app_user nologin;
        comment on role app_user is 'created by schema-fix-action';
    end if;
    grant app_user to app_owner;
end
$$;

grant create, usage on schema public to app_owner;
grant usage on schema public to app_user;
