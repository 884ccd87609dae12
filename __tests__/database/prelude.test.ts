import { describe, expect, it } from '@jest/globals';
import { type Changes, thirdSection, thirdState } from '../support/notes-bundle.js';
import { rehearseNotes } from '../support/rehearse-notes.js';

const notes = 'create table public.notes (id bigint primary key, author text, body text);';

/** Facts, a tool, a view over a table of the fix and a type: what a prelude may hold. */
const prelude: Changes = {
  'prelude/01_facts.sql': `--! Title: Facts
create table schema_fix.facts (name text primary key, value jsonb);
insert into schema_fix.facts values ('planet', '"earth"');
create type schema_fix.mood as enum ('good', 'bad');`,
  'prelude/02_tools.sql': `--! Title: Tools
create view schema_fix.written as select id, body from public.notes;
create function schema_fix.fact(wanted text) returns text language sql stable
return (select value #>> '{}' from schema_fix.facts where name = wanted);`,
};

const leaving = (sql: string) => rehearseNotes({ ...prelude, ...thirdSection(sql) });

describe('a prelude', () => {
  it('is there for every section and gone afterwards, and the re-run finds nothing changed', async () => {
    const result = await leaving(`do $$ begin raise notice 'planet %, % notes', schema_fix.fact('planet'),
      (select count(*) from schema_fix.written); end $$;`);
    expect(result).toMatchObject({ outcome: 'pass', rerun: { outcome: 'pass', rowsWritten: 0 } });
    expect(result.apply).toMatchObject({ sections: [{}, {}, { notices: ['planet earth, 2 notes'] }] });
  });

  it('is gone before the proofs look', async () => {
    const left = await rehearseNotes({
      ...prelude,
      'checks/03_gone.sql': `--! Title: Gone
select 'schema_fix' as object, 'none' as expected, '' as actual, to_regnamespace('schema_fix') is null as pass`,
    });
    expect(left.checks.at(-1)).toMatchObject({ before: { outcome: 'pass' }, after: { outcome: 'pass' } });
  });

  it('leaves nothing behind where the fix is kept', async () => {
    const result = await rehearseNotes({
      ...prelude,
      'scenarios/03_gone.sql': `--! Title: Nothing of it is left

--! Step: nobody finds the schema
--! As: deployer
--! Expect: value gone
select coalesce(pg_catalog.to_regnamespace('schema_fix')::text, 'gone');`,
    });
    expect(result).toMatchObject({ outcome: 'pass', scenarios: { outcome: 'pass' } });
  });

  it('is there when only some sections were chosen', async () => {
    const changes = {
      ...prelude,
      'sections/03_alone.sql': `--! Title: Alone
do $$ begin raise notice '%', schema_fix.fact('planet'); raise warning 'it turns'; end $$;`,
    };
    const { apply } = await rehearseNotes(changes, { sections: [3] });
    expect(apply).toMatchObject({
      outcome: 'pass',
      sections: [{ number: 3, notices: ['earth', 'it turns'], warnings: ['it turns'] }],
    });
  });

  it('finds Postgres own names without a schema, and no temporary object in their place', async () => {
    const result = await leaving(`create temporary table pg_class (relname text);
      create domain pg_temp.text as int;
      do $$ begin raise notice '%', (select 'a'::text || count(*) from pg_class where relname = 'notes'); end $$;
      drop table pg_temp.pg_class;
      drop domain pg_temp.text;`);
    expect(result.apply).toMatchObject({ sections: [{}, {}, { notices: ['a1'] }] });
  });

  it('does not take over a schema of its name', async () => {
    const { apply } = await rehearseNotes(
      { ...prelude, ...thirdState(`create schema schema_fix; ${notes}`) },
      { state: '3' },
    );
    expect(apply).toMatchObject({
      outcome: 'fail',
      sections: [],
      problem: { sqlstate: '42P06', message: 'the schema schema_fix exists already' },
    });
  });

  it('says who may not create a schema', async () => {
    const { apply } = await rehearseNotes(
      {
        ...prelude,
        ...thirdState(`${notes}
          reset role;
          do $$ begin execute format('alter database %I owner to %I', current_database(), current_user); end $$;`),
      },
      { state: '3' },
    );
    expect(apply).toMatchObject({
      problem: { sqlstate: '42501', message: 'role notes_owner may not create the schema schema_fix' },
    });
  });

  it('is open to nobody else, whatever the default privileges are', async () => {
    const { apply } = await rehearseNotes(
      {
        ...prelude,
        ...thirdState(`${notes}
          alter default privileges grant usage, create on schemas to app_user, public;`),
        ...thirdSection(
          "do $$ begin raise notice '%', has_schema_privilege('app_user', 'schema_fix', 'usage, create'); end $$;",
        ),
      },
      { state: '3' },
    );
    expect(apply).toMatchObject({ sections: [{}, {}, { notices: ['f'] }] });
  });

  it.each([
    ['a view', "create or replace view public.left as select schema_fix.fact('planet') as planet;"],
    ['a default', "alter table public.notes alter column body set default schema_fix.fact('planet');"],
    ['a column', 'alter table public.notes add column if not exists mood schema_fix.mood;'],
    ['a policy', "create policy more on public.notes using (schema_fix.fact('planet') = 'earth');"],
    [
      'a key',
      'alter table public.notes add constraint known foreign key (author) references schema_fix.facts;',
    ],
    [
      'a function',
      'create or replace function public.left() returns setof schema_fix.facts language sql as $$select * from schema_fix.facts$$;',
    ],
  ])('does not let %s go with it', async (_kind, sql) => {
    const { outcome, apply } = await leaving(`delete from public.notes; ${sql}`);
    expect(outcome).toBe('fail');
    expect(apply).toMatchObject({ problem: { sqlstate: '2BP01' } });
  });

  it.each([
    ['is only tried', false],
    ['is recorded, so that it can be rolled back', true],
  ])('changes nothing but its own, where the deployment %s', async (_where, rollsBack) => {
    const { outcome, problem } = await rehearseNotes(
      { ...prelude, 'prelude/03_more.sql': '--! Title: More\ncreate table public.more (id int);' },
      { rollsBack },
    );
    expect({ outcome, problem }).toMatchObject({
      outcome: 'fail',
      problem: { sqlstate: '55000', message: expect.stringContaining('table public.more') },
    });
  });

  it('makes nothing that no definition tells of', async () => {
    const { outcome, problem } = await rehearseNotes({
      'prelude/01_more.sql': `--! Title: More
create statistics if not exists public.odd on id, body from public.notes;
create collation if not exists public.odd from "C";`,
    });
    expect({ outcome, problem }).toMatchObject({
      outcome: 'fail',
      problem: {
        sqlstate: '55000',
        message: expect.stringContaining('collation public.odd, statistics odd on public.notes'),
      },
    });
  });

  it('shows where it is wrong itself', async () => {
    const { apply } = await rehearseNotes({
      'prelude/01_facts.sql': '--! Title: Facts\nselect 1;\nselect nothing;',
    });
    expect(apply).toMatchObject({
      sections: [],
      problem: { path: 'prelude/01_facts.sql', line: 3, column: 8 },
    });
  });
});
