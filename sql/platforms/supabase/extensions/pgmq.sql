--! Title: queues keep, give and archive messages

create schema if not exists pgmq;
grant usage on schema pgmq to supabase_owners, service_role;

create table pgmq.meta (
    queue_name varchar not null,
    is_partitioned boolean not null default false,
    is_unlogged boolean not null default false,
    created_at timestamptz not null default pg_catalog.now(),
    constraint meta_pkey primary key (queue_name)
);
create type pgmq.message_record as (
    msg_id bigint,
    read_ct integer,
    enqueued_at timestamptz,
    vt timestamptz,
    message jsonb,
    headers jsonb
);
create type pgmq.queue_record as (
    queue_name varchar,
    is_partitioned boolean,
    is_unlogged boolean,
    created_at timestamptz
);
create type pgmq.metrics_result as (
    queue_name text,
    queue_length bigint,
    newest_msg_age_sec integer,
    oldest_msg_age_sec integer,
    total_messages bigint,
    scrape_time timestamptz,
    queue_visible_length bigint
);

create function pgmq.create(queue_name text) returns void
language plpgsql
as $$
begin
    execute pg_catalog.format(
        'create table if not exists pgmq.%I (msg_id bigint primary key generated always as identity,
            read_ct integer not null default 0, enqueued_at timestamptz not null default pg_catalog.now(),
            vt timestamptz not null, message jsonb, headers jsonb)',
        'q_' || pg_catalog.lower(queue_name)
    );
    execute pg_catalog.format(
        'create table if not exists pgmq.%I (msg_id bigint primary key, read_ct integer not null default 0,
            enqueued_at timestamptz not null default pg_catalog.now(), archived_at timestamptz not null default pg_catalog.now(),
            vt timestamptz not null, message jsonb, headers jsonb)',
        'a_' || pg_catalog.lower(queue_name)
    );
    insert into pgmq.meta (queue_name) values ($1) on conflict do nothing;
end
$$;
create function pgmq.create_non_partitioned(queue_name text) returns void
language sql
as $$ select pgmq.create(queue_name) $$;
create function pgmq.create_unlogged(queue_name text) returns void
language sql
as $$ select pgmq.create(queue_name) $$;

create function pgmq.drop_queue(queue_name text) returns boolean
language plpgsql
as $$
begin
    execute pg_catalog.format('drop table if exists pgmq.%I', 'q_' || pg_catalog.lower(queue_name));
    execute pg_catalog.format('drop table if exists pgmq.%I', 'a_' || pg_catalog.lower(queue_name));
    delete from pgmq.meta as m where m.queue_name = drop_queue.queue_name;
    return found;
end
$$;

create function pgmq.list_queues() returns setof pgmq.queue_record
language sql
as $$ select queue_name, is_partitioned, is_unlogged, created_at from pgmq.meta $$;

create function pgmq.send(queue_name text, msg jsonb, headers jsonb, delay integer) returns setof bigint
language plpgsql
as $$
begin
    return query execute pg_catalog.format(
        'insert into pgmq.%I (vt, message, headers) values (pg_catalog.clock_timestamp() + $1 * interval ''1 second'', $2, $3)
        returning msg_id',
        'q_' || pg_catalog.lower(queue_name)
    ) using delay, msg, headers;
end
$$;
create function pgmq.send(queue_name text, msg jsonb, delay integer default 0) returns setof bigint
language sql
as $$ select pgmq.send(queue_name, msg, null, delay) $$;
create function pgmq.send(queue_name text, msg jsonb, headers jsonb) returns setof bigint
language sql
as $$ select pgmq.send(queue_name, msg, headers, 0) $$;
create function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer default 0) returns setof bigint
language sql
as $$ select pgmq.send(queue_name, msg, null, delay) from pg_catalog.unnest(msgs) as msg $$;

create function pgmq.read(queue_name text, vt integer, qty integer, conditional jsonb default '{}')
returns setof pgmq.message_record
language plpgsql
as $$
begin
    return query execute pg_catalog.format(
        'update pgmq.%1$I as m
        set vt = pg_catalog.clock_timestamp() + $1 * interval ''1 second'', read_ct = m.read_ct + 1
        where m.msg_id in (
            select q.msg_id
            from pgmq.%1$I as q
            where q.vt <= pg_catalog.clock_timestamp() and coalesce(q.message @> $3, true)
            order by q.msg_id
            limit $2
            for update skip locked
        )
        returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers',
        'q_' || pg_catalog.lower(queue_name)
    ) using vt, qty, nullif(conditional, '{}');
end
$$;
create function pgmq.read_with_poll(
    queue_name text,
    vt integer,
    qty integer,
    max_poll_seconds integer default 5,
    poll_interval_ms integer default 100,
    conditional jsonb default '{}'
) returns setof pgmq.message_record
language sql
as $$ select pgmq.read(queue_name, vt, qty, conditional) $$;

create function pgmq.pop(queue_name text, qty integer default 1) returns setof pgmq.message_record
language plpgsql
as $$
begin
    return query execute pg_catalog.format(
        'delete from pgmq.%1$I as m
        where m.msg_id in (
            select q.msg_id
            from pgmq.%1$I as q
            where q.vt <= pg_catalog.clock_timestamp()
            order by q.msg_id
            limit $1
            for update skip locked
        )
        returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers',
        'q_' || pg_catalog.lower(queue_name)
    ) using qty;
end
$$;

create function pgmq.delete(queue_name text, msg_ids bigint[]) returns setof bigint
language plpgsql
as $$
begin
    return query execute pg_catalog.format(
        'delete from pgmq.%I where msg_id = any ($1) returning msg_id', 'q_' || pg_catalog.lower(queue_name)
    ) using msg_ids;
end
$$;
create function pgmq.delete(queue_name text, msg_id bigint) returns boolean
language sql
as $$ select exists (select from pgmq.delete(queue_name, array[msg_id])) $$;

create function pgmq.archive(queue_name text, msg_ids bigint[]) returns setof bigint
language plpgsql
as $$
begin
    return query execute pg_catalog.format(
        'with archived as (delete from pgmq.%I where msg_id = any ($1) returning msg_id, vt, read_ct, enqueued_at, message, headers)
        insert into pgmq.%I (msg_id, vt, read_ct, enqueued_at, message, headers)
        select msg_id, vt, read_ct, enqueued_at, message, headers from archived
        returning msg_id',
        'q_' || pg_catalog.lower(queue_name), 'a_' || pg_catalog.lower(queue_name)
    ) using msg_ids;
end
$$;
create function pgmq.archive(queue_name text, msg_id bigint) returns boolean
language sql
as $$ select exists (select from pgmq.archive(queue_name, array[msg_id])) $$;

create function pgmq.set_vt(queue_name text, msg_id bigint, vt integer) returns setof pgmq.message_record
language plpgsql
as $$
begin
    return query execute pg_catalog.format(
        'update pgmq.%I as m
        set vt = pg_catalog.clock_timestamp() + $1 * interval ''1 second''
        where m.msg_id = $2
        returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers',
        'q_' || pg_catalog.lower(queue_name)
    ) using vt, msg_id;
end
$$;

create function pgmq.purge_queue(queue_name text) returns bigint
language plpgsql
as $$
declare
    purged bigint;
begin
    execute pg_catalog.format('delete from pgmq.%I', 'q_' || pg_catalog.lower(queue_name));
    get diagnostics purged = row_count;
    return purged;
end
$$;

create function pgmq.metrics(queue_name text) returns pgmq.metrics_result
language plpgsql
as $$
declare
    result pgmq.metrics_result;
begin
    execute pg_catalog.format(
        'select $1, pg_catalog.count(*),
            extract(epoch from pg_catalog.clock_timestamp() - pg_catalog.max(enqueued_at))::integer,
            extract(epoch from pg_catalog.clock_timestamp() - pg_catalog.min(enqueued_at))::integer,
            coalesce(pg_catalog.max(msg_id), 0), pg_catalog.clock_timestamp(),
            pg_catalog.count(*) filter (where vt <= pg_catalog.clock_timestamp())
        from pgmq.%I',
        'q_' || pg_catalog.lower(queue_name)
    ) using queue_name into result;
    return result;
end
$$;
create function pgmq.metrics_all() returns setof pgmq.metrics_result
language sql
as $$ select pgmq.metrics(queue_name) from pgmq.meta $$;

grant all on all tables in schema pgmq to supabase_owners, service_role;
grant create on schema pgmq to supabase_owners, service_role;
