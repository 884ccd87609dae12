--! Title: Where rows go that fit nowhere
--! Remains: the schema chat_quarantine: rows that fit nowhere, and notes of what must not be done twice

-- rows: what fits nowhere, complete, with the reason. imported: the steps that are done only once, most of them imports from a table; a
-- table of the first generation that was read a second time would bring back everybody who has left in between.
create schema if not exists chat_quarantine;
create table if not exists chat_quarantine.rows (
    id bigint generated always as identity primary key,
    source_table text not null,
    reason text not null,
    row_data jsonb not null,
    quarantined_at timestamptz not null default now()
);
create table if not exists chat_quarantine.imported (
    source_table text primary key,
    imported_at timestamptz not null default now()
);
comment on schema chat_quarantine is 'What the chat schema fix found no place for. No role of the API has access.';
comment on table chat_quarantine.rows is
    'Rows that fit nowhere, complete, each with the reason.';
comment on table chat_quarantine.imported is
    'What the chat schema fix did, and must not do again: keep it for as long as the fix may run again.';

-- If the notes of an earlier run were dropped, its guard trigger shows that it ran. The table has a row from its first run on, so that
-- a run of some sections, which makes the trigger and reads nothing yet, is not taken for one whose notes were dropped.
insert into chat_quarantine.imported (source_table)
select note
from unnest(array[
    'public.rooms', 'public.conversation_participants', 'creators',
    'public.room_members of group', 'public.chat_room_members of dm', 'names of groups', 'columns beside the status'
]) as note
where not exists (select from chat_quarantine.imported)
    and schema_fix.was_applied();
insert into chat_quarantine.imported (source_table) values ('nothing yet') on conflict do nothing;

-- Nobody but the owner reads them, whatever the default privileges of this database are.
select schema_fix.revoke_from_others('schema', nspname, nspowner, nspacl, '{}')
from pg_namespace
where nspname = 'chat_quarantine';
-- mutant: the quarantine is read through the API
select schema_fix.revoke_from_others(oid::regclass, '{}')
from pg_class
where relnamespace = 'chat_quarantine'::regnamespace
    and relkind in ('r', 'S');
