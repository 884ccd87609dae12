/** A folder that does not hold a bundle yet → one that passes a rehearsal, to begin with. */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';
import { renderManifestSchema } from './read-manifest.js';

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
  const { folder, platform } = starter;
  await claimFolder(folder);
  for (const part of ['common', platform]) await cp(path.join(starters, part), folder, { recursive: true });
  const files = await listFiles(folder);
  for (const file of files) {
    const text = await readFile(path.join(folder, file), 'utf8');
    await writeFile(path.join(folder, file), adapt(text, starter));
  }
  await writeFile(path.join(folder, 'bundle.schema.json'), renderManifestSchema());
  return [...files, 'bundle.schema.json'].sort();
}

/** Its files, by name, and the schema that an editor completes the manifest by; the folder is ours already. */
export async function writeBundleFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<string[]> {
  const all = new Map([...files, ['bundle.schema.json', renderManifestSchema()]]);
  for (const [name, text] of all) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return [...all.keys()].sort();
}

/** Makes it. Throws a UserError where something is there. */
export async function claimFolder(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UserError(`folder: ${folder} is no folder. Name one that is empty, or not there yet.`, {
      cause: error,
    });
  });
  if (there.length > 0) {
    throw new UserError(`folder: ${folder} is not empty (${there[0]}). Name one that is, or not there yet.`);
  }
  await mkdir(folder, { recursive: true });
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
