import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadBefore } from '../../../src/bundle/load-before.js';
import { withFolder } from '../../support/notes-bundle.js';

/** Files in a folder of their own, for as long as the work lasts. */
function withFiles<T>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    return work(folder);
  });
}

describe('loadBefore', () => {
  it('makes one state of all files, in the order of their paths', async () => {
    await withFiles({ 'b.sql': 'select 2;', 'a/z.sql': 'select 1;', 'a/note.txt': '' }, async (folder) => {
      const state = await loadBefore([`${folder}/*.sql`, `${folder}/**/*.sql`]);
      expect(state.files.map(({ text }) => text)).toEqual(['select 1;', 'select 2;']);
      expect(state).toMatchObject({
        name: 'before',
        title: 'The schema of 2 files',
        expectation: { kind: 'pass' },
      });
    });
  });

  it('names every glob that matches nothing', async () => {
    await withFiles({ 'a.sql': '' }, async (folder) => {
      await expect(loadBefore([`${folder}/*.sql`, `${folder}/no/*.sql`, 'neither.sql'])).rejects.toThrow(
        `before: no file matches ${folder}/no/*.sql, neither.sql. Paths count from ${process.cwd()}.`,
      );
    });
  });

  it('refuses rows that only psql can read, and says where they are', async () => {
    await withFiles(
      { 'a.sql': 'select 1;\nCOPY public.notes (id) FROM stdin;\n1\n\\.\n' },
      async (folder) => {
        await expect(loadBefore([`${folder}/a.sql`])).rejects.toThrow(
          `${folder}/a.sql:2: holds rows as COPY data, which only psql can read. Dump them with pg_dump --inserts.`,
        );
      },
    );
  });

  it('keeps the line numbers of a dump that pg_dump has guarded', async () => {
    await withFiles({ 'a.sql': '\\restrict aBc\nselect 1;\n\\unrestrict aBc\n' }, async (folder) => {
      expect((await loadBefore([`${folder}/a.sql`])).files[0]?.text).toBe('\nselect 1;\n\n');
    });
  });

  it('leaves out that a dump of one schema makes the schema public', async () => {
    const dump = "CREATE SCHEMA public;\nCOMMENT ON SCHEMA public IS 'standard public schema';\nselect 1;\n";
    await withFiles({ 'a.sql': dump }, async (folder) => {
      expect((await loadBefore([`${folder}/a.sql`])).files[0]?.text).toBe('\n\nselect 1;\n');
    });
  });
});
