/** A folder that does not hold a bundle yet → one that passes a rehearsal, to begin with. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { claimFolder, writeBundleFiles } from './write-bundle-files.js';

export interface Starter {
  readonly folder: string;
  readonly title: string | null;
  /** `public.name`, in lower case. */
  readonly table: string;
  /** The column that says whose a row is, and one that holds some text. */
  readonly owner: string;
  readonly text: string;
  readonly platform: 'plain' | 'supabase';
}

/** `starters` is the folder that holds them. Throws a UserError rather than write over anything. Returns the files, from `folder`. */
export async function writeStarter(starter: Starter, starters: string): Promise<string[]> {
  await claimFolder(starter.folder);
  const files = new Map<string, string>();
  for (const part of ['common', starter.platform]) {
    const from = path.join(starters, part);
    for (const file of await listFiles(from))
      files.set(file, adapt(await readFile(path.join(from, file), 'utf8'), starter));
  }
  return writeBundleFiles(starter.folder, files);
}

function adapt(file: string, { table, title, owner, text }: Starter): string {
  const name = table.replace(/^public\./, '');
  // The starters speak of public.notes, their author and their body.
  const adapted = file
    .replace(/\bauthor\b/g, owner)
    .replace(/\bbody\b/g, text)
    .replaceAll('public.notes', table)
    .replaceAll('notes_pkey', `${name}_pkey`)
    .replace(/^ {2}- name: notes$/m, `  - name: ${name}`);
  const called = title ?? `${name.charAt(0).toUpperCase()}${name.slice(1)} belong to those who wrote them`;
  return adapted.replace(/^title: .*$/m, () => `title: ${JSON.stringify(called)}`);
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}
