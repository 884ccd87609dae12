/** Names of platforms → their SQL files, in the order in which they are laid over one another. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Platform, SqlFile } from '../model.js';
import { readSqlFile } from './list-sql-files.js';
import { indexHeaders, readHeaders, titleOf } from './read-headers.js';

/** A name is looked up in the bundle's own `platforms/` first, then among those that ship with the engine. */
export async function loadPlatforms(
  names: readonly string[],
  folders: readonly string[],
  problems: string[],
): Promise<Platform[]> {
  const platforms: Platform[] = [];
  for (const name of [...new Set(names)].sort()) {
    const files: SqlFile[] = [];
    await addLayer(name, folders, files, problems, []);
    platforms.push({ name, files });
  }
  return platforms;
}

async function addLayer(
  name: string,
  folders: readonly string[],
  files: SqlFile[],
  problems: string[],
  above: readonly string[],
): Promise<void> {
  const shown = `platforms/${name}.sql`;
  if (above.includes(name)) {
    problems.push(`${shown}: needs itself, through ${above.join(', ')}. Break the circle.`);
    return;
  }
  const folder = await firstWithFile(folders, shown);
  if (folder === null) {
    problems.push(`${shown}: not found. Name a platform that exists, or leave it out for plain Postgres.`);
    return;
  }
  const file = await readSqlFile(folder, shown);
  const headers = indexHeaders(file, readHeaders(file, problems), ['Title', 'Needs'], problems);
  titleOf(file, headers, problems);
  const needs = headers.get('Needs')?.value.split(',') ?? [];
  for (const need of needs) await addLayer(need.trim(), folders, files, problems, [...above, name]);
  if (!files.some((other) => other.path === file.path)) files.push(file);
}

async function firstWithFile(folders: readonly string[], shown: string): Promise<string | null> {
  for (const folder of folders) {
    const found = await access(path.join(folder, shown)).then(
      () => true,
      () => false,
    );
    if (found) return folder;
  }
  return null;
}
