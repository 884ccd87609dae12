/** The folders that were given, and the files that are loaded → those in the folders that hold SQL, too, and are not loaded. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { passedOver } from './find-folders-of-sql.js';
import { isOfNoUse } from './order-migrations.js';

const mostDepth = 4;
const holdsSql = /\.(sql|psql|pgsql|ddl)(\.gz)?$/i;
/** What sqitch has beside `deploy`. */
const ofSqitch = /^(revert|verify)$/;

/** Not what undoes a migration, nor what is another database's; by their paths, in order. Links are not followed. */
export async function findLeftAlone(
  folders: readonly string[],
  loaded: readonly string[],
): Promise<string[]> {
  const known = new Set(loaded.map((file) => path.resolve(file)));
  const found = new Set<string>();
  for (const folder of folders) {
    for (const file of await listSql(folder)) if (!known.has(path.resolve(file))) found.add(file);
  }
  return [...found].sort();
}

async function listSql(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  // One archive.
  if (names.includes('toc.dat')) return [];
  const project = names.includes('supabase') ? path.join(folder, 'supabase') : folder;
  const isProject = names.includes('config.toml') || path.basename(path.resolve(project)) === 'supabase';
  if (!isProject) return listBelow(folder, mostDepth);
  // Of a project only what looks as if it were run: its folders for tests, functions and snippets are many.
  return [...(await listBelow(project, 0)), ...(await listBelow(path.join(project, 'migrations'), 0))];
}

async function listBelow(folder: string, depth: number): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const { name } = entry;
    const shown = path.join(folder, name);
    if (entry.isFile() && holdsSql.test(name) && !isOfNoUse(name)) found.push(shown);
    const isMeant = entry.isDirectory() && !passedOver.test(name) && !ofSqitch.test(name);
    if (isMeant && depth > 0) found.push(...(await listBelow(shown, depth - 1)));
  }
  return found;
}
