import { describe, expect, it } from '@jest/globals';
import type { RerunResult } from '../../src/model.js';
import { thirdSection } from '../support/notes-bundle.js';
import { rehearseNotes } from '../support/rehearse-notes.js';

/** What the second run of the fix with this section changed. */
async function rerunOf(sql: string): Promise<RerunResult> {
  const { rerun, apply, outcome } = await rehearseNotes({
    ...thirdSection(sql),
    'platforms/app.sql': (text) => `${text}\ngrant create on schema public to app_user;\n`,
  });
  if (rerun.outcome === 'skipped') {
    throw new Error(apply.outcome === 'fail' ? apply.problem?.message : rerun.reason);
  }
  expect(outcome).toBe(rerun.outcome);
  return rerun;
}

/** Makes the object differ in the second run from what it was after the first: the section counts its runs. */
const differing = (first: string, again: string) => `
do $$
begin
    if pg_catalog.to_regclass('public.ran') is null then
        create table public.ran ();
        ${first}
    else
        ${again}
    end if;
end
$$;`;

describe('the second run', () => {
  it('finds nothing where nothing changes', async () => {
    expect(await rerunOf('create index if not exists notes_body on public.notes (body);')).toEqual({
      outcome: 'pass',
      changedObjects: [],
      changedTables: [],
      rowsWritten: 0,
      problem: null,
    });
  });

  it('finds a changed row', async () => {
    expect(await rerunOf("update public.notes set body = body || '!';")).toMatchObject({
      outcome: 'fail',
      changedTables: ['public.notes'],
      rowsWritten: 2,
    });
  });

  it('finds a row that was written without a change', async () => {
    expect(await rerunOf('update public.notes set body = body;')).toMatchObject({
      outcome: 'fail',
      changedTables: [],
      rowsWritten: 2,
    });
  });

  it('finds a row in a table that is none of the bundle’s', async () => {
    const sql = 'create table if not exists public.log (id int);\ninsert into public.log values (1);';
    expect(await rerunOf(sql)).toMatchObject({ outcome: 'fail', rowsWritten: 1 });
  });

  it('finds a row that goes into quarantine again', async () => {
    const sql = "insert into notes_quarantine.rows values ('public.other', 'again', '{}');";
    expect(await rerunOf(sql)).toMatchObject({ outcome: 'fail', changedTables: ['notes_quarantine.rows'] });
  });

  it('finds that it fails', async () => {
    expect(await rerunOf('create index notes_body on public.notes (body);')).toMatchObject({
      outcome: 'fail',
      problem: { path: 'sections/03_more.sql', line: 4, sqlstate: '42P07' },
    });
  });

  const changes: [string, string, string, string][] = [
    [
      'an index',
      'create index a_body on public.notes (body);',
      'drop index public.a_body; create index a_body on public.notes (body desc);',
      'index public.a_body',
    ],
    [
      'a policy',
      'create policy more on public.notes using (true);',
      'alter policy more on public.notes using (false);',
      'policy more on public.notes',
    ],
    [
      'the roles of a policy',
      'create policy more on public.notes using (true);',
      'alter policy more on public.notes to app_user;',
      'policy more on public.notes',
    ],
    [
      'a grant',
      'grant select on public.notes to app_user;',
      'grant truncate on public.notes to app_user;',
      'table public.notes',
    ],
    [
      'a grant on a column',
      'null;',
      'grant select (body) on public.notes to public;',
      'column public.notes.body',
    ],
    ['an owner', 'null;', 'alter table public.ran owner to app_user;', 'table public.ran'],
    [
      'the body of a function',
      "create function public.f() returns int language sql as 'select 1';",
      "create or replace function public.f() returns int language sql as 'select 2';",
      'function public.f()',
    ],
    [
      'the search_path of a function',
      "create function public.f() returns int language sql as 'select 1';",
      "alter function public.f() set search_path = '';",
      'function public.f()',
    ],
    [
      'who may execute a function',
      "create function public.f() returns int language sql as 'select 1';",
      'revoke execute on function public.f() from public;',
      'function public.f()',
    ],
    [
      'whether a trigger is enabled',
      'create trigger t before update on public.notes for each row execute function suppress_redundant_updates_trigger();',
      'alter table public.notes disable trigger t;',
      'trigger t on public.notes',
    ],
    [
      'a comment on a table',
      "comment on table public.notes is 'one';",
      "comment on table public.notes is 'two';",
      'comment on table public.notes',
    ],
    [
      'a comment on a column',
      'null;',
      "comment on column public.notes.body is 'two';",
      'comment on table column public.notes.body',
    ],
    [
      'a comment on a policy',
      'null;',
      `comment on policy "own notes" on public.notes is 'two';`,
      'comment on policy "own notes" on public.notes',
    ],
    [
      'a comment on a schema',
      'null;',
      "comment on schema notes_quarantine is 'two';",
      'comment on schema notes_quarantine',
    ],
    [
      'default privileges',
      'null;',
      'alter default privileges in schema public grant select on tables to app_user;',
      'default privileges of notes_owner on r in public',
    ],
    [
      'a publication',
      'create publication live for table public.notes;',
      'alter publication live drop table public.notes;',
      'publication live',
    ],
    [
      'the columns of a publication',
      'create publication live for table public.notes;',
      'alter publication live set table public.notes (id);',
      'publication live',
    ],
    [
      'row level security',
      'null;',
      'alter table public.notes disable row level security;',
      'table public.notes',
    ],
    [
      'a default',
      'null;',
      "alter table public.notes alter column body set default '';",
      'column public.notes.body',
    ],
    [
      'whether a column may be null',
      'null;',
      'alter table public.notes alter column body set not null;',
      'column public.notes.body',
    ],
    [
      'whether a constraint is validated',
      "alter table public.notes add constraint c check (body <> '') not valid;",
      'alter table public.notes validate constraint c;',
      'constraint c on public.notes',
    ],
    [
      'a view',
      'create view public.v as select id from public.notes;',
      'create or replace view public.v as select id from public.notes where true;',
      'view public.v',
    ],
    [
      'the steps of a sequence',
      'create sequence public.s;',
      'alter sequence public.s increment 10;',
      'sequence public.s',
    ],
    [
      'the owning column of a sequence',
      'create sequence public.s;',
      'alter sequence public.s owned by public.notes.id;',
      'sequence public.s',
    ],
    [
      'the values of an enum',
      "create type public.mood as enum ('sad');",
      "alter type public.mood add value 'glad';",
      'type public.mood',
    ],
    [
      'the rights on a schema',
      'null;',
      'grant usage on schema notes_quarantine to app_user;',
      'schema notes_quarantine',
    ],
    [
      'the owner of a type',
      "create type public.mood as enum ('sad');",
      'alter type public.mood owner to app_user;',
      'type public.mood',
    ],
    ['an object that is new', 'null;', 'create table public.other ();', 'table public.other'],
    [
      'an object that is gone',
      'create table public.other ();',
      'drop table public.other;',
      'table public.other',
    ],
  ];
  it.each(changes)('finds a change of %s', async (_what, first, again, object) => {
    const rerun = await rerunOf(differing(first, again));
    expect(rerun.outcome).toBe('fail');
    expect(rerun.changedObjects).toContain(object);
  });
});
