import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findSyntaxErrors } from '../../../src/bundle/find-syntax-errors.js';
import { findUnmentioned } from '../../../src/bundle/find-unmentioned.js';
import { lintBundle } from '../../../src/bundle/lint-bundle.js';
import { loadBundle } from '../../../src/bundle/load-bundle.js';
import { type Changes, withNotesBundle } from '../../support/notes-bundle.js';

const sql = path.resolve(import.meta.dirname, '../../../sql');
const mistakesOf = async (changes: Changes) => {
  const { remarks, problem } = await withNotesBundle(changes, (folder) => lintBundle(folder, sql));
  expect(problem).toBeNull();
  return remarks
    .filter(({ severity }) => severity === 'mistake')
    .map((remark) => `${remark.path}:${remark.line}: ${remark.text}`);
};

describe('lintBundle', () => {
  it('finds no mistake in a bundle that is right', async () => {
    expect(await mistakesOf({})).toEqual([]);
  });

  it('says of each file of SQL where Postgres cannot read it', async () => {
    const mistakes = await mistakesOf({
      'sections/01_author.sql': (text) => `${text}\nselec 1;\n\ncreate table public.a (id int,);\n`,
      'checks/01_author.sql': (text) => text.replace('select', 'select select'),
      'states/02_already_fixed.sql': (text) => `${text}\ndo $$\nbegin\n    selekt 1;\nend $$;\n`,
    });
    expect(mistakes).toEqual([
      expect.stringMatching(
        /^sections\/01_author\.sql:\d+: Postgres cannot read it: syntax error at or near "selec"$/,
      ),
      expect.stringMatching(
        /^sections\/01_author\.sql:\d+: Postgres cannot read it: syntax error at or near "\)"$/,
      ),
      expect.stringMatching(
        /^checks\/01_author\.sql:\d+: Postgres cannot read it: syntax error at or near "/,
      ),
      expect.stringMatching(
        /^states\/02_already_fixed\.sql:\d+: Postgres cannot read it: syntax error at or near "selekt"$/,
      ),
    ]);
  });

  it('says of the SQL of the manifest where Postgres cannot read it', async () => {
    const mistakes = await mistakesOf({
      'bundle.yml': (text) =>
        text
          .replace('when: said.author is null', 'when: said.author is nul')
          .replace(
            '{ columns: [body] }',
            '\n        columns: [body]\n        normalise: |\n          pg_catalog.upper(\n            value value value)',
          )
          .replace('access:', 'access:\n  people: select from from public.notes'),
    });
    expect(mistakes).toEqual([
      'bundle.yml:22: Postgres cannot read it: syntax error at or near "from"',
      'bundle.yml:12: Postgres cannot read it: syntax error at or near "nul"',
      'bundle.yml:20: Postgres cannot read it: syntax error at or near "value"',
    ]);
  });

  it('says which role of an actor and of the deployer nothing makes, and which may be meant', async () => {
    const mistakes = await mistakesOf({
      'bundle.yml': (text) =>
        text
          .replace('role: app_user', 'role: app_usr')
          .replace('deployer: notes_owner', 'deployer: owner_of_notes'),
    });
    expect(mistakes).toEqual([
      expect.stringMatching(
        /^bundle\.yml:\d+: the actor \w+: no role app_usr: the platform app does not make it, and no section or state does\. app_user may be meant$/,
      ),
      'bundle.yml:4: the deployer: no role owner_of_notes: the platform app does not make it, and no section or state does',
    ]);
  });
});

describe('findUnknownRoles', () => {
  it('finds a role that its platform makes in capitals, which Postgres folds', async () => {
    const mistakes = await mistakesOf({
      'platforms/app.sql': (text) => text.replaceAll('app_user', 'App_User'),
    });
    expect(mistakes).toEqual([]);
  });
});

describe('findSyntaxErrors', () => {
  it.each([
    ["select 'é😀', 2 +;", 1, 'syntax error at end of input'],
    ['-- 😀\n\nselect 1;\nselect 2\n  form public.a;', 5, 'syntax error at or near "public"'],
    ['do $$\nbegin\n    perform 1\nend $$;', 1, 'syntax error at end of input'],
    ["select 'a", 1, 'unterminated quoted string at or near "\'a"'],
  ])('names the line in %j', async (text, line, message) => {
    expect(await findSyntaxErrors([{ path: 'a.sql', text }])).toEqual([
      { severity: 'mistake', path: 'a.sql', line, text: `Postgres cannot read it: ${message}` },
    ]);
  });

  it('takes what Postgres takes', async () => {
    const text = `create function public.f() returns int language sql begin atomic select 1; end;
      do $x$ declare r record; begin for r in select 1 loop raise notice '%', r; end loop; end $x$;
      do $$ begin execute 'a'
        -- a comment between
        'b'; end $$;
      create policy "p q" on public."User" to app using ((select auth.uid()) = id);`;
    expect(await findSyntaxErrors([{ path: 'a.sql', text }])).toEqual([]);
  });
});

describe('findUnmentioned', () => {
  it('says which table and column no state has, in which line, and which may be meant', async () => {
    const mistakes = await mistakesOf({
      'bundle.yml': (text) =>
        text
          .replace('tables: [public.notes]', 'tables: [public.notes, public.ntoes]')
          .replace('to: [public.notes]', 'to: [public.nots]')
          .replace('id: { columns: [id]', 'id: { columns: [idd]'),
    });
    expect(mistakes).toEqual([
      'bundle.yml:5: no state has public.ntoes; public.notes may be meant',
      'bundle.yml:10: no state has public.nots; public.notes may be meant',
      expect.stringMatching(
        /^bundle\.yml:1\d: no state has a column idd for the fact id of notes; id may be meant$/,
      ),
    ]);
  });

  it.each(['chat-schema-fix'])('finds no name that no SQL has in %s', async (name) => {
    const bundle = await loadBundle(path.join(sql, 'bundles', name), sql);
    expect(findUnmentioned(bundle)).toEqual([]);
  });
});
