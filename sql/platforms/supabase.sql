--! Title: Supabase as it was until 30 October 2026: its roles, schemas and automatic grants
--! Deployer: postgres, supabase_owner

-- What a project finds on Supabase, as far as a schema can notice it. Run by the superuser of a throwaway server, once a
-- database; roles belong to the whole server, so every statement may find its work done already. This file makes the roles
-- and the schema public, the files of the folder of its name make the rest.

-- The roles of the API and of the platform, with the attributes that they have there. A role is marked as ours only if we
-- made it: the mark is what allows the engine to remove it again from a server that is not its own. Two databases may be
-- built at once, hence the exception.
do $$
declare
    wanted record;
begin
    for wanted in
        select *
        from (values
            ('anon', 'nologin'),
            ('authenticated', 'nologin'),
            ('service_role', 'nologin bypassrls'),
            ('authenticator', 'login noinherit'),
            -- A superuser on Supabase: ours owns what it owns there, and nobody becomes it.
            ('supabase_admin', 'nologin'),
            ('supabase_auth_admin', 'nologin noinherit'),
            ('supabase_storage_admin', 'nologin noinherit'),
            ('supabase_realtime_admin', 'nologin noinherit'),
            ('supabase_functions_admin', 'nologin noinherit'),
            ('supabase_replication_admin', 'nologin replication'),
            ('supabase_etl_admin', 'nologin replication'),
            ('supabase_read_only_user', 'nologin bypassrls'),
            ('dashboard_user', 'nologin createdb createrole replication'),
            ('pgbouncer', 'nologin'),
            ('pgsodium_keyholder', 'nologin'),
            ('pgsodium_keyiduser', 'nologin'),
            ('pgsodium_keymaker', 'nologin'),
            ('pgtle_admin', 'nologin'),
            -- The owner of a project's database, never a superuser. Where the server's superuser has this name, the next
            -- role stands for it.
            ('postgres', 'login createdb createrole replication bypassrls'),
            ('supabase_owner', 'login createdb createrole replication bypassrls'),
            -- The same on a project whose owner does not bypass row level security.
            ('supabase_owner_no_bypass', 'login createdb createrole'),
            -- Owns what the deployer may not touch: none of the owners is a member.
            ('legacy_owner', 'nologin'),
            -- All of these owners: what a project's owner may do, and the realtime publication, is theirs.
            ('supabase_owners', 'nologin')
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

-- Who may become whom. Granting twice is harmless, granting at the same moment in two databases is retried. On Supabase an
-- extension lets `postgres` make policies and triggers on the tables of storage and realtime; here it is a member of their
-- owners instead.
do $$
declare
    owner name;
begin
    for attempt in 1..20 loop
        begin
            grant anon, authenticated, service_role to authenticator;
            grant supabase_storage_admin, supabase_realtime_admin to supabase_owners;
            for owner in
                select rolname
                from pg_catalog.pg_roles
                where rolname in ('postgres', 'supabase_owner', 'supabase_owner_no_bypass') and not rolsuper
            loop
                execute pg_catalog.format('grant supabase_owners to %I', owner);
                execute pg_catalog.format(
                    'grant authenticator, anon, authenticated, service_role to %I with admin option', owner
                );
            end loop;
            -- Whoever lays this may not have them to give, where they are no superuser.
            begin
                grant pg_read_all_data to supabase_read_only_user, supabase_etl_admin;
                for owner in
                    select rolname
                    from pg_catalog.pg_roles
                    where rolname in ('postgres', 'supabase_owner') and not rolsuper
                loop
                    execute pg_catalog.format(
                        'grant pg_monitor, pg_read_all_data, pg_signal_backend to %I with admin option', owner
                    );
                end loop;
            exception
                when insufficient_privilege then
                    raise notice 'the roles of Postgres itself are not granted: %', sqlerrm;
            end;
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
grant usage, create on schema public to supabase_owners;
grant usage on schema public to anon, authenticated, service_role;

-- The old regime: whatever an owner creates in public is granted to the API's roles at once.
alter default privileges for role postgres, supabase_owner, supabase_owner_no_bypass in schema public
    grant all on tables to anon, authenticated, service_role;
alter default privileges for role postgres, supabase_owner, supabase_owner_no_bypass in schema public
    grant all on functions to anon, authenticated, service_role;
alter default privileges for role postgres, supabase_owner, supabase_owner_no_bypass in schema public
    grant all on sequences to anon, authenticated, service_role;
