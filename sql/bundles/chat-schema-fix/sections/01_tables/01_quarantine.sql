--! Title: Where rows go that fit nowhere

-- Where rows go that fit nowhere (complete, with the reason), and a note of which legacy tables were read already:
-- reading one twice would bring back everybody who has left in between.
do $$
begin
    if pg_catalog.to_regnamespace('chat_quarantine') is null then
        create schema chat_quarantine;
    end if;

    if pg_catalog.to_regclass('chat_quarantine.rows') is null then
        create table chat_quarantine.rows (
            id bigint generated always as identity primary key,
            source_table text not null,
            reason text not null,
            row_data jsonb not null,
            quarantined_at timestamptz not null default pg_catalog.now()
        );
    end if;

    if pg_catalog.to_regclass('chat_quarantine.imported') is null then
        create table chat_quarantine.imported (
            source_table text primary key,
            imported_at timestamptz not null default pg_catalog.now()
        );
    end if;
end
$$;

-- Nobody but the owner, whatever the default privileges of this database are.
revoke all on schema chat_quarantine from public, anon, authenticated, service_role;
revoke all on all tables in schema chat_quarantine from public, anon, authenticated, service_role;
revoke all on all sequences in schema chat_quarantine from public, anon, authenticated, service_role;

-- Deferred constraints speak at once: an alter table refuses to run while one of them has something left to say.
set constraints all immediate;

-- Times written without a zone were written in UTC; said so, their type changes without rewriting the table.
set local timezone to 'UTC';
