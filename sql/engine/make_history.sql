--! Title: Where the engine keeps what deployments replaced: its owner reads it, and nobody else
create schema if not exists schema_fix_history;

create table schema_fix_history.runs (
    id int8 generated always as identity primary key,
    kind text not null check (kind in ('deployment', 'rollback')),
    -- Of a rollback: the deployment that it has undone.
    undoes int8 references schema_fix_history.runs,
    at timestamptz not null default pg_catalog.now(),
    -- Of what is kept here, and the version of the engine that wrote it.
    format int4 not null,
    tool text not null,
    bundle text not null,
    bundle_digest text not null,
    sections int4 [] not null,
    settings jsonb not null,
    -- What tells the database from every other: {place, system, database, role}, as a plan has it.
    target jsonb not null,
    server_version text not null,
    -- Object to its definition, of the whole database, as the engine's fingerprint names and writes them.
    definitions_before jsonb not null,
    definitions_after jsonb not null,
    -- The statements that lead back, in their order: {phase, sql, destroys}.
    way_back jsonb not null,
    -- The tables of which a row was written: {number, before, after, key, ...}.
    tables jsonb not null,
    -- What cannot return, and why.
    obstacles jsonb not null,
    -- What the database's statistics said at the time.
    statistics jsonb,
    digest text not null
);

create table schema_fix_history.rows (
    id int8 generated always as identity primary key,
    -- Keyed to runs once the first rows are there: asked row by row, that takes longer than all else that is recorded.
    run int8 not null,
    -- The number of its table in the run's list.
    table_number int4 not null,
    -- 'was': as it was before, whole. 'became': a digest of what came of it, or is new.
    side text not null check (side in ('was', 'became')),
    key text,
    content text not null
);

create index rows_of_a_run on schema_fix_history.rows (run, table_number);

-- What a rollback would have taken away and nobody else has: values of columns that go.
create table schema_fix_history.kept (
    id int8 generated always as identity primary key,
    run int8 not null references schema_fix_history.runs on delete cascade,
    source_table text not null,
    key text,
    row_data jsonb not null
);

create index kept_of_a_run on schema_fix_history.kept (run);

-- Default privileges may have opened them.
do $history$
declare
    grantee text;
    item record;
begin
    for grantee in
        select distinct case when granted.grantee = 0 then 'public' else granted.grantee::pg_catalog.regrole::pg_catalog.text end
        from (
            select n.nspacl as acl, n.nspowner as owner
            from pg_catalog.pg_namespace as n
            where n.nspname = 'schema_fix_history'
            union all
            select c.relacl, c.relowner
            from pg_catalog.pg_class as c
            where c.relnamespace = 'schema_fix_history'::pg_catalog.regnamespace
        ) as o
        cross join lateral pg_catalog.aclexplode(o.acl) as granted
        where granted.grantee <> o.owner
    loop
        execute pg_catalog.format('revoke all on schema schema_fix_history from %s', grantee);
        execute pg_catalog.format('revoke all on all tables in schema schema_fix_history from %s', grantee);
        execute pg_catalog.format('revoke all on all sequences in schema schema_fix_history from %s', grantee);
    end loop;
end
$history$
