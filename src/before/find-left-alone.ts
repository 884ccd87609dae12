/** The folders that were given, and the files that are loaded → those in the folders that hold SQL, too, and are not loaded. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { passedOver } from './find-folders-of-sql.js';
import { isOfNoUse } from './order-migrations.js';

const mostDepth = 4;
const holdsSql = /\.(sql|psql|pgsql|ddl)(\.(gz|zst|xz|bz2|zip))?$/i;
/** What sqitch has beside `deploy`. */
const ofSqitch = /^(revert|verify)$/;

type ReadFolder = (folder: string) => Promise<Dirent[]>;

const readFolder: ReadFolder = (folder) => readdir(folder, { withFileTypes: true });

/**
 * Not what undoes a migration, nor what is another database's; by their paths, in order. Links are not followed. A folder that
 * cannot be read may hold SQL, too, and is named.
 */
export async function findLeftAlone(
  folders: readonly string[],
  loaded: readonly string[],
  read = readFolder,
): Promise<string[]> {
  const known = new Set(loaded.map((file) => path.resolve(file)));
  const found = new Set<string>();
  for (const folder of folders) {
    for (const file of await listSql(folder, read)) if (!known.has(path.resolve(file))) found.add(file);
  }
  return [...found].sort();
}

async function listSql(folder: string, read: ReadFolder): Promise<string[]> {
  const names = (await read(folder)).map(({ name }) => name);
  // One archive.
  if (names.includes('toc.dat')) return [];
  const project = names.includes('supabase') ? path.join(folder, 'supabase') : folder;
  const isProject = names.includes('config.toml') || path.basename(path.resolve(project)) === 'supabase';
  if (!isProject) return listBelow(folder, mostDepth, read);
  // Of a project only what looks as if it were run: its folders for tests, functions and snippets are many.
  return [
    ...(await listBelow(project, 0, read)),
    ...(await listBelow(path.join(project, 'migrations'), 0, read)),
  ];
}

async function listBelow(folder: string, depth: number, read: ReadFolder): Promise<string[]> {
  const found: string[] = [];
  let entries: Dirent[];
  try {
    entries = await read(folder);
  } catch (error: unknown) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    // A project need not have migrations.
    return code === 'ENOENT' || code === 'ENOTDIR' ? [] : [`${folder} (cannot be read: ${code})`];
  }
  for (const entry of entries) {
    const { name } = entry;
    const shown = path.join(folder, name);
    if (entry.isFile() && holdsSql.test(name) && !isOfNoUse(name)) found.push(shown);
    const isMeant = entry.isDirectory() && !passedOver.test(name) && !ofSqitch.test(name);
    if (isMeant && depth > 0) found.push(...(await listBelow(shown, depth - 1, read)));
  }
  return found;
}
