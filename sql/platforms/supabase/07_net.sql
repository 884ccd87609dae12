--! Title: net and supabase_functions: requests get a number and are never sent

create schema net authorization supabase_admin;
grant usage on schema net to supabase_owners with grant option;
grant usage on schema net to anon, authenticated, service_role;

create domain net.http_method as text check (value in ('GET', 'POST', 'DELETE'));
create sequence net.http_request_queue_id_seq;

-- Requests wait here, on Supabase, until a worker sends them; here none is ever in it.
create table net.http_request_queue (
    id bigint not null default pg_catalog.nextval('net.http_request_queue_id_seq'),
    method net.http_method not null,
    url text not null,
    headers jsonb,
    body bytea,
    timeout_milliseconds integer not null
);

create table net._http_response (
    id bigint,
    status_code integer,
    content_type text,
    headers jsonb,
    content text,
    timed_out boolean,
    error_msg text,
    created timestamptz not null default pg_catalog.now()
);

create function net.http_get(
    url text,
    params jsonb default '{}',
    headers jsonb default '{}',
    timeout_milliseconds integer default 5000
) returns bigint
language sql
as $$
    select pg_catalog.nextval('net.http_request_queue_id_seq')
$$;

create function net.http_post(
    url text,
    body jsonb default '{}',
    params jsonb default '{}',
    headers jsonb default '{"Content-Type": "application/json"}',
    timeout_milliseconds integer default 5000
) returns bigint
language sql
as $$
    select pg_catalog.nextval('net.http_request_queue_id_seq')
$$;

create function net.http_delete(
    url text,
    params jsonb default '{}',
    headers jsonb default '{}',
    timeout_milliseconds integer default 5000,
    body jsonb default null
) returns bigint
language sql
as $$
    select pg_catalog.nextval('net.http_request_queue_id_seq')
$$;

grant usage on sequence net.http_request_queue_id_seq
    to supabase_owners, anon, authenticated, service_role;
grant select on all tables in schema net to supabase_owners, service_role;

-- What the dashboard's webhooks are made of: a trigger whose arguments are address, method, headers, parameters, timeout.
create schema supabase_functions authorization supabase_admin;
grant usage, create on schema supabase_functions to supabase_functions_admin;
grant usage on schema supabase_functions to supabase_owners, anon, authenticated, service_role;

create table supabase_functions.hooks (
    id bigserial not null,
    hook_table_id integer not null,
    hook_name text not null,
    created_at timestamptz not null default pg_catalog.now(),
    request_id bigint,
    constraint hooks_pkey primary key (id)
);

create table supabase_functions.migrations (
    version text not null,
    inserted_at timestamptz not null default pg_catalog.now(),
    constraint migrations_pkey primary key (version)
);

create function supabase_functions.http_request() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    if tg_argv[0] is null or tg_argv[0] = 'null' then
        raise exception 'url argument is missing';
    end if;
    if tg_argv[1] is null or tg_argv[1] = 'null' then
        raise exception 'method argument is missing';
    end if;
    return new;
end
$$;

grant all on all tables in schema supabase_functions to supabase_owners, service_role;
grant all on all sequences in schema supabase_functions to supabase_owners, service_role;
