--! Title: The schema of extensions and those that every project has

create schema extensions authorization supabase_admin;
grant usage, create on schema extensions to supabase_owners, dashboard_user with grant option;
grant usage on schema extensions to anon, authenticated, service_role;

-- Where the server has them; a server without them gets the one function that nearly every old project calls.
do $$
begin
    create extension if not exists pgcrypto schema extensions;
exception
    when undefined_file or feature_not_supported then
        raise notice 'this server has no pgcrypto: extensions.crypt, digest, hmac and the like are not there';
end
$$;
do $$
begin
    create extension if not exists "uuid-ossp" schema extensions;
exception
    when undefined_file or feature_not_supported then
        create function extensions.uuid_generate_v4() returns uuid
        language sql
        volatile
        as 'select pg_catalog.gen_random_uuid()';
end
$$;
