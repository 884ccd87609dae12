--! Title: realtime: the publication, the messages of channels, and what sends them

create schema realtime authorization supabase_admin;
grant usage, create on schema realtime to supabase_realtime_admin with grant option;
grant usage on schema realtime to supabase_owners with grant option;
grant usage on schema realtime to anon, authenticated, service_role, dashboard_user;

-- What realtime listens to.
do $$
begin
    if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
        create publication supabase_realtime;
    end if;
    -- Where no superuser gives it away, its new owner must be one who may make it here: in this template, of whose privileges a copy has none.
    execute pg_catalog.format('grant create on database %I to supabase_owners', pg_catalog.current_database());
    alter publication supabase_realtime owner to supabase_owners;
end
$$;

create type realtime.action as enum ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'ERROR');
create type realtime.equality_op as enum ('eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in');
create type realtime.user_defined_filter as (column_name text, op realtime.equality_op, value text);

-- Partitioned by day there; here one partition holds every day.
create table realtime.messages (
    topic text not null,
    extension text not null,
    payload jsonb,
    event text,
    private boolean default false,
    updated_at timestamp not null default pg_catalog.now(),
    inserted_at timestamp not null default pg_catalog.now(),
    id uuid not null default pg_catalog.gen_random_uuid(),
    constraint messages_pkey primary key (id, inserted_at)
) partition by range (inserted_at);
create table realtime.messages_every_day partition of realtime.messages default;
alter table realtime.messages enable row level security;

create table realtime.subscription (
    id bigint not null generated always as identity,
    subscription_id uuid not null,
    entity regclass not null,
    filters realtime.user_defined_filter[] not null default '{}',
    claims jsonb not null,
    created_at timestamp not null default pg_catalog.timezone('utc', pg_catalog.now()),
    constraint pk_subscription primary key (id)
);

create table realtime.schema_migrations (
    version bigint not null,
    inserted_at timestamp,
    constraint schema_migrations_pkey primary key (version)
);

-- The channel that a request asks about.
create function realtime.topic() returns text
language sql
stable
as $$
    select nullif(pg_catalog.current_setting('realtime.topic', true), '')::text
$$;

-- Leaves a message for whoever listens; what goes wrong is a warning, as it is there.
create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
language plpgsql
as $$
begin
    insert into realtime.messages (payload, event, topic, private, extension)
    values (payload, event, topic, private, 'broadcast');
exception
    when others then
        raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
end
$$;

-- What a trigger calls to tell a channel which row was changed.
create function realtime.broadcast_changes(
    topic_name text,
    event_name text,
    operation text,
    table_name text,
    table_schema text,
    new record,
    old record,
    level text default 'ROW'
) returns void
language plpgsql
as $$
begin
    if level = 'STATEMENT' then
        raise exception 'function can only be triggered for each row, not for each statement';
    end if;
    perform realtime.send(
        pg_catalog.jsonb_build_object(
            'old_record', old, 'record', new, 'operation', operation, 'table', table_name, 'schema', table_schema
        ),
        event_name,
        topic_name
    );
end
$$;

grant all on all tables in schema realtime to supabase_owners, dashboard_user with grant option;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
grant select on realtime.subscription to anon, authenticated, service_role;
