import { describe, expect, it } from '@jest/globals';
import { renderRemains } from '../../../src/bundle/render-remains.js';
import { renderScript } from '../../../src/bundle/render-script.js';
import { splitStatements } from '../../../src/bundle/split-statements.js';
import type { SqlFile } from '../../../src/model.js';
import { type Changes, loadNotes } from '../../support/notes-bundle.js';

async function scriptOf(changes: Changes = {}, isForEditor = true, count = 99): Promise<string> {
  const bundle = await loadNotes(changes);
  const choice = { sections: bundle.sections.slice(0, count), added: [] };
  return renderScript(bundle, choice, {
    lockTimeout: 3000,
    statementTimeout: 600_000,
    makePrelude: '--! Title: Make\ncreate schema schema_fix',
    dropPrelude: 'drop schema schema_fix',
    isForEditor,
  });
}

describe('renderScript', () => {
  it('is one transaction, whose last part is the checks', async () => {
    const words = splitStatements(await scriptOf()).map(({ text }) => /^(?:--.*\n)*(\w+)/.exec(text)?.[1]);
    expect(words[0]).toBe('begin');
    expect(words.indexOf('commit')).toBe(words.length - 1);
    expect(words.slice(words.lastIndexOf('grant') + 1)).toEqual([
      // Whether the client sets savepoints.
      'create',
      'set',
      'insert',
      'delete',
      'set',
      'create',
      'insert',
      'insert',
      'do',
      'select',
      'commit',
    ]);
  });

  it('has psql stop at the first error, in a line that an editor does not get', async () => {
    expect(await scriptOf({}, false)).toContain(
      '\n\\set ON_ERROR_STOP on\n\\set ON_ERROR_ROLLBACK off\n\nbegin;',
    );
    expect(await scriptOf()).not.toContain('\\set');
  });

  it('waits and works no longer than it was told to', async () => {
    const script = await scriptOf();
    expect(script).toContain('set local search_path = pg_catalog, pg_temp;');
    expect(script).toContain("set local lock_timeout = '3000ms';");
    expect(script).toContain("set local statement_timeout = '600000ms';");
    expect(script).toContain('set local jit = off;');
    expect(script).toContain("set local timezone = 'UTC';");
  });

  it('holds every part of a section, after its file', async () => {
    const script = await scriptOf({ 'sections/01_author/01_more.sql': '--! Title: More\nselect 4711;' });
    const places = ['Section 1:', 'alter column author set not null', 'select 4711', 'Section 2:'].map(
      (text) => script.indexOf(text),
    );
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places).not.toContain(-1);
  });

  it('makes the prelude before the sections and drops it after them, where there is one', async () => {
    const script = await scriptOf({ 'prelude/01_tools.sql': '--! Title: Tools\nselect 4711;' });
    const parts = ['create schema', 'select 4711', 'Section 1:', 'Section 2:', 'drop schema', 'commit;'];
    const places = parts.map((text) => script.indexOf(text));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places).not.toContain(-1);
    expect(await scriptOf()).not.toContain('schema_fix');
  });

  it('opens with what each section does, what remains and what is only a tool', async () => {
    const script = await scriptOf({
      'prelude/01_tools.sql': '--! Title: Tools for notes\n\n-- None of them is needed.',
      'prelude/01_tools/01_more.sql': '--! Title: One of them\nselect 1;',
      'sections/02_policies.sql':
        '--! Title: Policies\n--! Remains: one policy\n\n-- Shows authors their notes. Others see nothing.\nselect 2;',
    });
    expect(script.slice(0, script.indexOf('\n\nbegin;'))).toBe(`-- Notes belong to somebody
-- Printed by "schema-fix sql". All of it is applied, or nothing is.
-- It holds its locks until the end: whoever reads or writes its tables waits until then.
-- "schema-fix deploy" tries again where a lock is not free.
--
-- What each section does:
--    1  Every note has an author: Rows that nobody wrote are put away before the column may not be null
--    2  Policies: Shows authors their notes
--
-- What remains in the database; "schema-fix sql --remains" prints it alone:
--    2  one policy
--
-- Only tools, in the schema schema_fix, dropped at the end:
--       Tools for notes`);
  });

  it('keeps the marks of mutants to itself', async () => {
    const script = await scriptOf({
      'sections/02_policies.sql': '--! Title: Policies\n-- mutant: it says three\nselect 2;',
    });
    expect(script).not.toMatch(/^-- mutant/m);
  });

  it('announces each section', async () => {
    expect(await scriptOf()).toContain("raise notice '%', 'Section 2: Authors see their own notes';");
  });

  it.each(['select 2', 'select 2 -- the end', 'select 2 -- the end;'])(
    'closes a file that ends in %j',
    async (sql) => {
      const script = await scriptOf({ 'sections/02_policies.sql': `--! Title: Two\n${sql}` });
      expect(splitStatements(script).map(({ text }) => text)).toContain(sql);
    },
  );

  it('says in its head that it is a part of the fix, where it is one', async () => {
    const said = 'of 2 sections only 1. What the others do is left undone.';
    const part = await scriptOf({}, true, 1);
    expect(part).toContain(`${said}\n--    2  Authors see their own notes\n`);
    expect(part).toContain('All of this part is applied, or nothing is.');
    expect(await scriptOf()).not.toContain('sections only');
  });

  it('takes no harm from a title with quotes, line ends or its own dollar quote', async () => {
    const script = await scriptOf({
      'sections/02_policies.sql': "--! Title: it's $notice$; drop\nselect 2;",
    });
    expect(splitStatements(script)).toHaveLength(splitStatements(await scriptOf()).length - 2);
    const check = await scriptOf({ 'checks/03_more.sql': "--! Title: it's $every_check$; drop\nselect 1" });
    expect(splitStatements(check)).toHaveLength(splitStatements(await scriptOf()).length + 1);
    expect(script).toContain("'Section 2: it''s ; drop'");
  });

  it('leaves no header line of the engine in it', async () => {
    expect(await scriptOf()).not.toContain('--!');
  });
});

describe('renderRemains', () => {
  const remainsOf = async (changes: Changes = {}, shown: SqlFile | null = null, count = 2) => {
    const bundle = await loadNotes(changes);
    return renderRemains(bundle, { sections: bundle.sections.slice(0, count), added: [] }, shown);
  };
  const shown = { path: 'remains.sql', text: 'create table t ();\n' };
  const more = { 'sections/01_author.sql': '--! Title: One\n--! Remains: a column\nselect 4711;' };

  it('holds only the files that say what of them remains, without the prelude', async () => {
    const text = await remainsOf({
      'prelude/01_tools.sql': '--! Title: Tools\nselect 1;',
      'sections/01_author/01_more.sql': '--! Title: More\n--! Remains: a column\nselect 4711;',
    });
    expect(text.split('\n').slice(2)).toEqual(['-- Section 1: a column', '', 'select 4711;', '']);
  });

  it('begins with what the whole fix leaves in an empty database, where the bundle shows it', async () => {
    const text = await remainsOf(more, shown);
    expect(text.indexOf('create table t ();')).toBeLessThan(text.indexOf('-- Section 1: a column'));
    expect(text).toContain('create table t ();');
    expect(await remainsOf(more, shown, 1)).not.toContain('create table t ();');
  });

  it('says so where no file does', async () => {
    expect(await remainsOf()).toContain('no section says what remains of it');
  });
});
