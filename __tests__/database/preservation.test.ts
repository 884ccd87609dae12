import { describe, expect, it } from '@jest/globals';
import type { PreservationResult, PreservedResult } from '../../src/model.js';
import { type Changes, thirdSection, thirdState } from '../support/notes-bundle.js';
import { type RehearsalOptions, rehearseNotes } from '../support/rehearse-notes.js';

async function preservationOf(changes: Changes, options: RehearsalOptions = {}): Promise<PreservationResult> {
  const { preservation, apply } = await rehearseNotes(changes, options);
  if (preservation.outcome === 'skipped') {
    throw new Error(apply.outcome === 'fail' ? apply.problem?.message : preservation.reason);
  }
  return preservation;
}

/** What became of the notes. */
async function fateOf(changes: Changes, options: RehearsalOptions = {}): Promise<PreservedResult> {
  const [notes] = (await preservationOf(changes, options)).kinds;
  if (notes === undefined) throw new Error('the bundle preserves notes');
  return notes;
}

const archive: Changes = {
  'bundle.yml': (text) => text.replace('to: [public.notes]', 'to: [public.notes, public.archive]'),
};
const merging: Changes = {
  'bundle.yml': (text) => text.replace('- name: notes\n', '- name: notes\n    merge: true\n'),
};
/** Without ids, so that only copies tell equal rows apart. */
const withoutIds: Changes = {
  'bundle.yml': (text) => text.replace(/ +id: .*\n/, ''),
  ...thirdState(
    "create table public.notes (author text, body text);\ninsert into public.notes values ('ann', 'milk'), ('ann', 'milk'), ('ben', 'beer');",
  ),
};

describe('the preservation of rows', () => {
  it('accounts for a renamed column and for a row in quarantine', async () => {
    const { outcome, kinds, quarantine } = await preservationOf({});
    expect(outcome).toBe('pass');
    expect(kinds).toEqual([
      {
        name: 'notes',
        outcome: 'pass',
        before: 3,
        inPlace: 2,
        moved: 0,
        merged: 0,
        quarantined: 1,
        lost: 0,
        lostRows: [],
        appeared: 0,
        excused: [],
      },
    ]);
    expect(quarantine).toEqual({
      expected: 1,
      actual: 1,
      reasons: [{ reason: 'nobody wrote it', rows: 1 }],
    });
  });

  it('names a deleted row by its key, never by what somebody wrote', async () => {
    const result = await rehearseNotes(thirdSection("delete from public.notes where body = 'beer';"));
    expect(result.outcome).toBe('fail');
    expect(result.preservation).toMatchObject({
      outcome: 'fail',
      kinds: [{ outcome: 'fail', lost: 1, lostRows: [{ table: 'public.notes', facts: 'id 2' }] }],
    });
  });

  it.each([
    ['text was changed', "update public.notes set body = 'BEER' where body = 'beer';"],
    ['author was changed', "update public.notes set author = 'ann' where body = 'beer';"],
    [
      'table is gone',
      'drop table public.notes; create table public.notes (id bigint, author text, body text);',
    ],
  ])('finds a row whose %s', async (_what, sql) => {
    expect((await fateOf(thirdSection(sql))).lost).toBeGreaterThan(0);
  });

  it('accounts for a row that moved to another table', async () => {
    const fate = await fateOf({
      ...archive,
      ...thirdSection(
        "create table public.archive as select * from public.notes where body = 'beer';\ndelete from public.notes where body = 'beer';",
      ),
    });
    expect(fate).toMatchObject({ outcome: 'pass', inPlace: 1, moved: 1, quarantined: 1, lost: 0 });
  });

  const gathered = (merge: string): Changes => ({
    'bundle.yml': (text) =>
      text
        .replace('tables: [public.notes]', 'tables: [public.notes, public.old_notes]')
        .replace('from: [public.notes]', `${merge}from: [public.notes, public.old_notes]`)
        .replace(/ {4}quarantine:\n.*\n/, '')
        .replace(/ {6}(id|author): .*\n/g, '')
        .replace('{ columns: [body] }', '{ columns: [body], normalise: "pg_catalog.lower(value)" }')
        .replace('access:\n', 'drops: [public.old_notes]\naccess:\n'),
    ...thirdState(`create table public.notes (id bigint generated always as identity primary key, author text not null default 'ann', body text);
create table public.old_notes (body text);
insert into public.notes (body) values ('MILK'), ('beer');
insert into public.old_notes values ('Bread');`),
  });
  const inOneTable = `update public.notes set body = pg_catalog.lower(body) where body <> pg_catalog.lower(body);
do $$ begin
    if pg_catalog.to_regclass('public.old_notes') is not null then
        insert into public.notes (body) select body from public.old_notes;
        drop table public.old_notes;
    end if;
end $$;`;
  const gather = (sql: string, merge = '') =>
    preservationOf({ ...gathered(merge), ...thirdSection(sql) }, { state: '3' });

  it.each(['', 'merge: true\n    '])(
    'accounts for rows of two tables that say nothing but what is normalised: %j',
    async (merge) => {
      const { kinds } = await gather(inOneTable, merge);
      expect(kinds).toMatchObject([
        { outcome: 'pass', before: 3, inPlace: 2, moved: 1, lost: 0, lostRows: [] },
      ]);
    },
  );

  it.each(['', 'merge: true\n    '])(
    'misses what has not come to its table, and says nothing but what is normalised: %j',
    async (merge) => {
      const { kinds } = await gather('alter table public.notes alter column body set not null;', merge);
      expect(kinds).toMatchObject([{ outcome: 'fail', lost: 1, lostRows: [{ table: 'public.old_notes' }] }]);
      expect(kinds[0]?.lostRows[0]?.facts).not.toBe('');
    },
  );

  it('names a row by its key that is gone from a table with another beside it', async () => {
    const { kinds } = await gather(`${inOneTable}\ndelete from public.notes where body = 'beer';`);
    expect(kinds).toMatchObject([
      { outcome: 'fail', lost: 1, lostRows: [{ table: 'public.notes', facts: 'id 2' }] },
    ]);
  });

  it('says which fact did not let a value become another, and whether its normalise gave any', async () => {
    const { lostRows } = await fateOf({
      'bundle.yml': (text) =>
        text.replace('{ columns: [body] }', `{ columns: [body], normalise: "nullif(value, 'bread')" }`),
      ...thirdSection("update public.notes set body = 'wine' where body in ('bread', 'beer');"),
    });
    expect(lostRows).toMatchObject([
      { facts: 'id 1', columns: ['body (fact text: normalise gives nothing)'] },
      { facts: 'id 2', columns: ['body (fact text: normalise gives another value)'] },
    ]);
  });

  it('does not look for a row where the manifest does not send it', async () => {
    const fate = await fateOf(
      thirdSection('create table public.archive as select * from public.notes;\ndelete from public.notes;'),
    );
    expect(fate).toMatchObject({ outcome: 'fail', lost: 2 });
  });

  it('finds the double that vanished', async () => {
    const fate = await fateOf(
      {
        ...withoutIds,
        ...thirdSection(
          'delete from public.notes as n using public.notes as m where n.author = m.author and n.body = m.body and n.ctid > m.ctid;',
        ),
      },
      { state: '3' },
    );
    expect(fate).toMatchObject({ outcome: 'fail', before: 3, inPlace: 2, lost: 1 });
  });

  it('accounts for a double that was merged, where the manifest allows it', async () => {
    const sql =
      "delete from public.notes where ctid = (select pg_catalog.max(ctid) from public.notes where body = 'milk');";
    const manifest = (text: string) =>
      text.replace(/ +id: .*\n/, '').replace('- name: notes\n', '- name: notes\n    merge: true\n');
    const changes = { ...withoutIds, ...thirdSection(sql), 'bundle.yml': manifest };
    expect(await fateOf(changes, { state: '3' })).toMatchObject({ outcome: 'pass', inPlace: 2, merged: 1 });
  });

  it('does not call it merged when no copy is left', async () => {
    const fate = await fateOf({
      ...merging,
      ...thirdSection("delete from public.notes where body = 'beer';"),
    });
    expect(fate).toMatchObject({ outcome: 'fail', merged: 0, lost: 1 });
  });

  it('lets a fact that was null become what fill says, and nothing where it says nothing', async () => {
    const filled: Changes = {
      'sections/01_author.sql': (text) =>
        text.replace(
          /-- The row moves[\s\S]*?;\n/,
          "update public.notes set author = 'nobody' where author is null;\n",
        ),
      'states/01_writer.sql': (text) => text.replace('--! Quarantine: 1\n', ''),
    };
    expect(await fateOf(filled)).toMatchObject({ outcome: 'fail', lost: 1 });
    const declared: Changes = {
      'bundle.yml': (text) =>
        text.replace('columns: [author, writer] }', `columns: [author, writer], fill: "value = 'nobody'" }`),
    };
    expect(await fateOf({ ...filled, ...declared })).toMatchObject({
      outcome: 'pass',
      inPlace: 3,
      quarantined: 0,
    });
  });

  it('does not take one row for two that lacked a fact', async () => {
    const fate = await fateOf(
      {
        'bundle.yml': (text) =>
          text
            .replace(/ +id: .*\n/, '')
            .replace('columns: [author, writer] }', `columns: [author, writer], fill: "value = 'nobody'" }`),
        ...thirdState(
          "create table public.notes (author text, body text);\ninsert into public.notes values (null, 'milk'), (null, 'milk');",
        ),
        'sections/01_author.sql': (text) =>
          text.replace(
            /-- The row moves[\s\S]*?;\n/,
            "delete from public.notes where ctid = (select pg_catalog.min(ctid) from public.notes);\nupdate public.notes set author = 'nobody' where author is null;\n",
          ),
      },
      { state: '3' },
    );
    expect(fate).toMatchObject({ outcome: 'fail', before: 2, lost: 1 });
  });

  it('does not let rows that were in quarantine before stand for rows that are put there now', async () => {
    const fate = await fateOf(
      {
        ...thirdState(
          `create table public.notes (id bigint generated always as identity primary key, author text, body text);
insert into public.notes (author, body) values ('ann', 'milk');
create schema notes_quarantine;
create table notes_quarantine.rows (source_table text, reason text, row_data jsonb);
insert into notes_quarantine.rows select 'public.notes', 'long ago', pg_catalog.to_jsonb(n) from public.notes as n;`,
        ),
        ...thirdSection('delete from public.notes;'),
      },
      { state: '3' },
    );
    expect(fate).toMatchObject({ outcome: 'fail', before: 1, inPlace: 0, lost: 1 });
  });

  it('finds a row that is taken out of quarantine for good', async () => {
    const fate = await fateOf(thirdSection('delete from notes_quarantine.rows;'));
    expect(fate).toMatchObject({ outcome: 'fail', lost: 1, lostRows: [{ facts: 'id 3' }] });
  });

  it('fails when more or fewer rows are put away than the state expects', async () => {
    const preservation = await preservationOf({
      'states/01_writer.sql': (text) => text.replace('Quarantine: 1', 'Quarantine: 2'),
    });
    expect(preservation).toMatchObject({
      outcome: 'fail',
      reason: 'the state expects 2 rows in quarantine; there is 1',
    });
  });

  it('names at most 20 lost rows, and counts them all', async () => {
    const fate = await fateOf(
      {
        ...thirdState(
          `create table public.notes (id bigint generated always as identity primary key, author text, body text);
insert into public.notes (author, body) select 'ann', 'milk' from pg_catalog.generate_series(1, 30);`,
        ),
        ...thirdSection('delete from public.notes;'),
      },
      { state: '3' },
    );
    expect(fate.lost).toBe(30);
    expect(fate.lostRows).toHaveLength(20);
  });

  it('finds each change of a large table, though as many rows come to look alike as cease to', async () => {
    const fate = await fateOf(
      {
        ...thirdState(
          `create table public.notes (id bigint generated always as identity primary key, author text, body text);
insert into public.notes (author, body) select 'ann', 'milk' from pg_catalog.generate_series(1, 5000);`,
        ),
        ...thirdSection("update public.notes set body = 'beer';"),
      },
      { state: '3' },
    );
    expect(fate).toMatchObject({ before: 5000, inPlace: 0, lost: 5000 });
  });

  it('of a part of the fix asks only that a row is somewhere', async () => {
    const moving: Changes = {
      'bundle.yml': (text) => text.replace('to: [public.notes]', 'to: [public.archive]'),
      ...thirdSection('create table public.archive as select * from public.notes;'),
    };
    expect(await fateOf(moving, { sections: [1] })).toMatchObject({ outcome: 'pass', inPlace: 2 });
    expect(await fateOf(moving)).toMatchObject({ outcome: 'pass', inPlace: 0, moved: 2 });
  });

  it('tells an error of the comparison by what was compared: expressions of the manifest, or values alone', async () => {
    // An explicit cast to text runs this function, whoever asks for it.
    const state = thirdState(`create type public.mood as enum ('good');
create function public.said(public.mood) returns text language plpgsql as $$ begin raise 'unsaid'; end $$;
create cast (public.mood as text) with function public.said(public.mood);
create table public.notes (id bigint generated always as identity primary key, author text, body text, mood public.mood);
insert into public.notes (author, body, mood) values ('ann', 'milk', 'good');`);
    const told = async (changes: Changes) =>
      (await rehearseNotes({ ...state, ...changes }, { state: '3', isTrusted: true })).problem?.path;
    const manifest = (fact: string): Changes => ({
      'bundle.yml': (text) =>
        text
          .replace(/ {4}quarantine:.*?\n {4}facts/s, '    facts')
          .replace('{ columns: [body] }', fact)
          .replace('to: [public.notes]', 'to: [public.archive]'),
    });
    expect(await told(manifest('{ columns: [mood] }'))).toBe("the engine's own comparison of rows");
    expect(await told(manifest('{ columns: [body], normalise: "pg_catalog.upper(value::int)" }'))).toBe(
      'bundle.yml',
    );
  });

  it.each([
    [
      'a condition',
      ['when: said.author is null', 'when: "notes_quarantine.is_lost(said.author)"'],
      `bundle.yml:12:43
      - { reason: nobody wrote it, when: "notes_quarantine.is_lost(said.author)" }
                                          ^`,
    ],
    [
      'an expression on several lines',
      [
        'text: { columns: [body] }',
        'text:\n        columns: [body]\n        normalise: |\n          pg_catalog.upper(\n            valu\n          )',
      ],
      'bundle.yml:20:13\n            valu\n            ^',
    ],
    [
      'a query for columns',
      ['columns: [body]', 'columns: { query: "select wrong" }'],
      'bundle.yml:16:41\n      text: { columns: { query: "select wrong" } }\n                                        ^',
    ],
    [
      'an expression that fails only while it runs, beside two that do not',
      [
        'text: { columns: [body] }',
        'text: { columns: [body], normalise: "1 / (pg_catalog.length(value) * 0)", gap: value is null }',
      ],
      `bundle.yml:16:44
      text: { columns: [body], normalise: "1 / (pg_catalog.length(value) * 0)", gap: value is null }
                                           ^`,
    ],
    [
      'a condition that fails only while it runs',
      ['when: said.author is null', 'when: "1 / (pg_catalog.length(said.author) * 0) = 1"'],
      `bundle.yml:12:43
      - { reason: nobody wrote it, when: "1 / (pg_catalog.length(said.author) * 0) = 1" }
                                          ^`,
    ],
  ])('places an error of %s in the manifest', async (_, [from = '', to = ''], place) => {
    const { problem, apply } = await rehearseNotes(
      { 'bundle.yml': (text) => text.replace(from, to) },
      { state: '1' },
    );
    const found = problem ?? ('problem' in apply ? apply.problem : null);
    expect(`${found?.path}:${found?.line}:${found?.column}\n${found?.snippet}`).toBe(place);
  });

  it('says what is wrong with a quarantine of another shape', async () => {
    const preservation = await preservationOf({
      ...thirdSection('alter table notes_quarantine.rows rename column row_data to data;'),
    });
    expect(preservation).toMatchObject({
      outcome: 'fail',
      reason:
        'notes_quarantine.rows lacks row_data; a quarantine has the columns source_table, reason and row_data',
    });
  });
});
