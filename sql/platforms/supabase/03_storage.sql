--! Title: storage: buckets, objects, and what policies ask about an object's name

create schema storage authorization supabase_admin;
grant usage, create on schema storage to supabase_storage_admin, supabase_owners with grant option;
grant usage on schema storage to anon, authenticated, service_role, dashboard_user;

create type storage.buckettype as enum ('STANDARD', 'ANALYTICS', 'VECTOR');

create table storage.buckets (
    id text not null,
    name text not null,
    owner uuid,
    created_at timestamptz default pg_catalog.now(),
    updated_at timestamptz default pg_catalog.now(),
    public boolean default false,
    avif_autodetection boolean default false,
    file_size_limit bigint,
    allowed_mime_types text[],
    owner_id text,
    type storage.buckettype not null default 'STANDARD',
    constraint buckets_pkey primary key (id)
);
create unique index bname on storage.buckets (name);

create table storage.objects (
    id uuid not null default pg_catalog.gen_random_uuid(),
    bucket_id text,
    name text,
    owner uuid,
    created_at timestamptz default pg_catalog.now(),
    updated_at timestamptz default pg_catalog.now(),
    last_accessed_at timestamptz default pg_catalog.now(),
    metadata jsonb,
    path_tokens text[] generated always as (pg_catalog.string_to_array(name, '/')) stored,
    version text,
    owner_id text,
    user_metadata jsonb,
    constraint objects_pkey primary key (id),
    -- Its name is camel case there too.
    constraint "objects_bucketId_fkey" foreign key (bucket_id) references storage.buckets (id)
);
create unique index bucketid_objname on storage.objects (bucket_id, name);
create index name_prefix_search on storage.objects (name text_pattern_ops);

create table storage.migrations (
    id integer not null,
    name varchar(100) not null,
    hash varchar(40) not null,
    executed_at timestamp default current_timestamp,
    constraint migrations_pkey primary key (id),
    constraint migrations_name_key unique (name)
);

create table storage.s3_multipart_uploads (
    id text not null,
    in_progress_size bigint not null default 0,
    upload_signature text not null,
    bucket_id text not null,
    key text not null,
    version text not null,
    owner_id text,
    created_at timestamptz not null default pg_catalog.now(),
    user_metadata jsonb,
    constraint s3_multipart_uploads_pkey primary key (id),
    constraint s3_multipart_uploads_bucket_id_fkey foreign key (bucket_id) references storage.buckets (id)
);

alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
alter table storage.migrations enable row level security;
alter table storage.s3_multipart_uploads enable row level security;

-- 'a/b/c.txt' → {a,b}
create function storage.foldername(name text) returns text[]
language sql
immutable
as $$
    select parts[1 : pg_catalog.array_length(parts, 1) - 1]
    from (select pg_catalog.string_to_array(name, '/') as parts) as path
$$;

-- 'a/b/c.txt' → 'c.txt'
create function storage.filename(name text) returns text
language sql
immutable
as $$
    select parts[pg_catalog.array_length(parts, 1)]
    from (select pg_catalog.string_to_array(name, '/') as parts) as path
$$;

-- 'a/b/c.txt' → 'txt'
create function storage.extension(name text) returns text
language sql
immutable
as $$
    select pg_catalog.reverse(pg_catalog.split_part(pg_catalog.reverse(storage.filename(name)), '.', 1))
$$;

-- What the storage service says that it is doing.
create function storage.operation() returns text
language sql
stable
as $$
    select pg_catalog.current_setting('storage.operation', true)
$$;

create function storage.allow_any_operation(expected_operations text[]) returns boolean
language sql
stable
as $$
    select coalesce(
        pg_catalog.regexp_replace(storage.operation(), '^storage[.]', '')
        = any (select pg_catalog.regexp_replace(o, '^storage[.]', '') from pg_catalog.unnest(expected_operations) as o),
        false
    )
$$;

create function storage.allow_only_operation(expected_operation text) returns boolean
language sql
stable
as $$
    select storage.allow_any_operation(array[expected_operation])
$$;

-- Refuses what could not be inserted, by undoing the attempt.
create function storage.can_insert_object(bucketid text, name text, owner uuid, metadata jsonb) returns void
language plpgsql
as $$
begin
    insert into storage.objects (bucket_id, name, owner, metadata) values (bucketid, name, owner, metadata);
    raise exception using errcode = 'PT200', message = 'ROLLBACK', detail = 'rollback successful insert';
end
$$;

-- The objects below a prefix; a stand-in that knows no folders.
create function storage.search(
    prefix text,
    bucketname text,
    limits integer default 100,
    levels integer default 1,
    offsets integer default 0,
    search text default '',
    sortcolumn text default 'name',
    sortorder text default 'asc'
) returns table (
    name text,
    id uuid,
    updated_at timestamptz,
    created_at timestamptz,
    last_accessed_at timestamptz,
    metadata jsonb
)
language sql
stable
as $$
    select o.name, o.id, o.updated_at, o.created_at, o.last_accessed_at, o.metadata
    from storage.objects as o
    where o.bucket_id = bucketname and pg_catalog.starts_with(o.name, prefix || search)
    order by o.name
    limit limits
    offset offsets
$$;

grant all on storage.buckets, storage.objects to supabase_owners with grant option;
grant all on storage.buckets, storage.objects to anon, authenticated, service_role;
grant select on storage.s3_multipart_uploads to anon, authenticated;
grant all on storage.s3_multipart_uploads to service_role;
