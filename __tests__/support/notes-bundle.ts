/** The bundle of the fixtures, whole or broken on purpose, in a folder of its own. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadBundle } from '../../src/bundle/load-bundle.js';
import type { Bundle } from '../../src/model.js';

const root = path.resolve(import.meta.dirname, '../..');
const notesFolder = path.join(root, '__tests__/fixtures/bundles/notes');

/** Path within the bundle → the file's new text, an edit of the old one, or null for a file that is taken away. */
export type Changes = Readonly<Record<string, string | null | ((text: string) => string)>>;

/** The folder is taken away when the work is done. */
export async function withNotesBundle<T>(changes: Changes, work: (folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    await cp(notesFolder, folder, { recursive: true });
    for (const [name, change] of Object.entries(changes)) await changeFile(path.join(folder, name), change);
    return work(folder);
  });
}

/** Another section of the notes bundle, run after the two it has. */
export const thirdSection = (sql: string): Changes => ({
  'sections/03_more.sql': `--! Title: More\n--! Needs: 01, 02\n\n${sql}\n`,
});

/** Another state of the notes bundle. */
export const thirdState = (sql: string, ...headers: string[]): Changes => ({
  'states/03_other.sql': `--! Title: Another\n${headers.map((header) => `--! ${header}\n`).join('')}\n${sql}\n`,
});

/** Makes the folders that are missing. */
export async function changeFile(file: string, change: Changes[string]): Promise<void> {
  const text = typeof change === 'function' ? change(await readFile(file, 'utf8')) : (change ?? null);
  await rm(file, { force: true });
  if (text === null) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** An empty folder for as long as the work lasts. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'schema-fix-test-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { force: true, recursive: true });
  }
}

export function loadNotes(changes: Changes = {}): Promise<Bundle> {
  return withNotesBundle(changes, (folder) => loadBundle(folder, path.join(root, 'sql')));
}
