--! Title: Supabase as it was until 30 October 2026: roles, auth, realtime, automatic grants

-- What Supabase adds to plain Postgres, as far as a schema fix can notice it. Run by the superuser of a throwaway server,
-- once a database; roles belong to the whole server, so every statement may find its work done already.

-- The roles of the API and of the platform. A role is marked as ours only if we made it: the mark is what allows the
-- engine to remove it again from a server that is not its own. Two databases may be built at once, hence the exception.
do $$
declare
    wanted record;
begin
    for wanted in
        select *
        from (values
            ('anon', 'nologin noinherit'),
            ('authenticated', 'nologin noinherit'),
            ('service_role', 'nologin noinherit bypassrls'),
            ('authenticator', 'login noinherit'),
            ('supabase_admin', 'nologin'),
            ('supabase_auth_admin', 'nologin noinherit createrole'),
            ('dashboard_user', 'nologin createdb createrole replication'),
            -- Stands for Supabase's `postgres`: an owner, never a superuser.
            ('supabase_owner', 'login createdb createrole replication bypassrls'),
            -- The same on a project whose owner does not bypass row level security.
            ('supabase_owner_no_bypass', 'login createdb createrole'),
            -- Owns what the deployer may not touch: neither of the two owners is a member.
            ('legacy_owner', 'nologin'),
            -- Owns the realtime publication, so that either of the two owners may alter it, as `postgres` may.
            ('realtime_publication_owner', 'nologin')
        ) as role (name, attributes)
    loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
            begin
                execute pg_catalog.format('create role %I %s', wanted.name, wanted.attributes);
                execute pg_catalog.format('comment on role %I is %L', wanted.name, 'created by schema-fix-action');
            exception
                when duplicate_object or unique_violation then
                    null;
            end;
        end if;
    end loop;
end
$$;

-- Who may become whom. Granting twice is harmless, granting at the same moment in two databases is retried.
do $$
begin
    for attempt in 1..20 loop
        begin
            grant anon, authenticated, service_role to authenticator;
            grant anon, authenticated, service_role to supabase_owner, supabase_owner_no_bypass;
            grant realtime_publication_owner to supabase_owner, supabase_owner_no_bypass;
            return;
        exception
            when unique_violation or internal_error then
                perform pg_catalog.pg_sleep(0.05 * attempt);
        end;
    end loop;
    raise exception 'the roles of the platform could not be granted to one another';
end
$$;

-- The exposed schema: whoever owns the database may create in it, the API's roles may look into it.
alter schema public owner to pg_database_owner;
revoke create on schema public from public;
grant usage, create on schema public to supabase_owner, supabase_owner_no_bypass;
grant usage on schema public to anon, authenticated, service_role;

-- Extensions live in a schema of their own.
create schema if not exists extensions;
grant usage on schema extensions to supabase_owner, supabase_owner_no_bypass, anon, authenticated, service_role;

-- Accounts, and what a request's token says about its bearer.
create schema if not exists auth;
grant usage on schema auth to supabase_owner, supabase_owner_no_bypass, anon, authenticated, service_role;

create table if not exists auth.users (
    id uuid primary key,
    aud text,
    role text,
    email text,
    raw_app_meta_data jsonb,
    raw_user_meta_data jsonb,
    created_at timestamptz default pg_catalog.now(),
    updated_at timestamptz default pg_catalog.now()
);
alter table auth.users owner to supabase_auth_admin;
grant usage on schema auth to supabase_auth_admin;
grant all on auth.users to supabase_owner, supabase_owner_no_bypass;

-- The bearer's user id, or null when the token has no subject.
create or replace function auth.uid() returns uuid
language sql
stable
as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')
    )::uuid
$$;

-- The role that the token asks for.
create or replace function auth.role() returns text
language sql
stable
as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim.role', true), ''),
        (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')
    )::text
$$;

-- The bearer's address, deprecated but there.
create or replace function auth.email() returns text
language sql
stable
as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim.email', true), ''),
        (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
    )::text
$$;

-- The whole token.
create or replace function auth.jwt() returns jsonb
language sql
stable
as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')
    )::jsonb
$$;

grant execute on function auth.uid(), auth.role(), auth.email(), auth.jwt() to public;

-- What realtime listens to.
do $$
begin
    if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
        create publication supabase_realtime;
    end if;
    alter publication supabase_realtime owner to realtime_publication_owner;
end
$$;

-- The old regime: whatever an owner creates in public is granted to the API's roles at once.
alter default privileges for role supabase_owner in schema public
    grant all on tables to anon, authenticated, service_role;
alter default privileges for role supabase_owner in schema public
    grant all on functions to anon, authenticated, service_role;
alter default privileges for role supabase_owner in schema public
    grant all on sequences to anon, authenticated, service_role;
alter default privileges for role supabase_owner_no_bypass in schema public
    grant all on tables to anon, authenticated, service_role;
alter default privileges for role supabase_owner_no_bypass in schema public
    grant all on functions to anon, authenticated, service_role;
alter default privileges for role supabase_owner_no_bypass in schema public
    grant all on sequences to anon, authenticated, service_role;
