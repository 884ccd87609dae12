--! Title: graphql, pgsodium, pgbouncer: schemas that dumps and grants name, with nothing behind them

create schema graphql authorization supabase_admin;
create schema graphql_public authorization supabase_admin;
grant usage on schema graphql, graphql_public to supabase_owners with grant option;
grant usage on schema graphql, graphql_public to anon, authenticated, service_role;

-- Both answer as GraphQL does when it cannot.
create function graphql.resolve(
    query text,
    variables jsonb default '{}',
    "operationName" text default null,
    extensions jsonb default null
) returns jsonb
language sql
as $$
    select pg_catalog.jsonb_build_object(
        'errors', pg_catalog.jsonb_build_array(
            pg_catalog.jsonb_build_object('message', 'pg_graphql is not installed on this throwaway server')
        )
    )
$$;

create function graphql_public.graphql(
    "operationName" text default null,
    query text default null,
    variables jsonb default null,
    extensions jsonb default null
) returns jsonb
language sql
as $$
    select graphql.resolve(query, coalesce(variables, '{}'), "operationName", extensions)
$$;

grant execute on all functions in schema graphql, graphql_public to supabase_owners with grant option;

create schema pgsodium authorization supabase_admin;
-- Dumps of rows set it.
create sequence pgsodium.key_key_id_seq;
grant usage on schema pgsodium to supabase_owners;
grant all on sequence pgsodium.key_key_id_seq to supabase_owners;
create schema pgsodium_masks authorization supabase_admin;
create schema pgbouncer authorization pgbouncer;
