/** Names of platforms → their SQL files, in the order in which they are laid over one another. */
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Origin, Platform, PlatformFile, StandIn } from '../model.js';
import { readSqlFile } from './list-sql-files.js';
import { indexHeaders, readHeaders, titleOf } from './read-headers.js';
import { readParts } from './read-parts.js';

/** A name is looked up in the bundle's own `platforms/` first, then among those that ship with the engine, in the last folder. */
export async function loadPlatforms(
  names: readonly string[],
  folders: readonly string[],
  problems: string[],
): Promise<Platform[]> {
  const platforms: Platform[] = [];
  for (const name of [...new Set(names)].sort()) {
    const layers: Layers = { files: [], deployers: [], standIns: [] };
    await addLayer(name, folders, layers, problems, []);
    platforms.push({ name, ...layers });
  }
  return platforms;
}

interface Layers {
  readonly files: PlatformFile[];
  /** Of the layer laid last that names any. */
  deployers: string[];
  readonly standIns: StandIn[];
}

/** What the layer needs, then its own file, then the files of the folder that bears its name. */
async function addLayer(
  name: string,
  folders: readonly string[],
  layers: Layers,
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
    problems.push(
      `${shown}: not found. Name a platform that exists (${(await listPlatforms(folders)).join(', ')}), or leave it out for plain Postgres.`,
    );
    return;
  }
  const file = await readSqlFile(folder, shown, problems);
  if (file === null) return;
  const headers = indexHeaders(file, readHeaders(file, problems), ['Title', 'Needs', 'Deployer'], problems);
  titleOf(file, headers, problems);
  const needs = headers.get('Needs')?.value.split(',') ?? [];
  for (const need of needs) await addLayer(need.trim(), folders, layers, problems, [...above, name]);
  if (layers.files.some((other) => other.path === file.path)) return;
  const origin = folder === folders.at(-1) ? 'engine' : 'bundle';
  for (const part of [file, ...(await readParts(folder, `platforms/${name}`, problems))]) {
    layers.files.push({ ...part, origin });
  }
  layers.standIns.push(...(await readStandIns({ root: folder, origin }, name, problems)));
  const deployer = headers.get('Deployer');
  if (deployer !== undefined) layers.deployers = deployer.value.split(',').map((role) => role.trim());
}

/** `platforms/NAME/extensions/EXTENSION.sql` */
async function readStandIns(
  { root, origin }: { readonly root: string; readonly origin: Origin },
  name: string,
  problems: string[],
): Promise<StandIn[]> {
  const folder = `platforms/${name}/extensions`;
  const names = await readdir(path.join(root, folder)).catch(() => []);
  const standIns: StandIn[] = [];
  for (const shown of names.filter((name) => name.endsWith('.sql')).sort()) {
    const file = await readSqlFile(root, `${folder}/${shown}`, problems);
    if (file === null) continue;
    const headers = indexHeaders(file, readHeaders(file, problems), ['Title'], problems);
    standIns.push({
      extension: path.basename(shown, '.sql'),
      origin,
      title: titleOf(file, headers, problems),
      file,
    });
  }
  return standIns;
}

async function listPlatforms(folders: readonly string[]): Promise<string[]> {
  const names = await Promise.all(
    folders.map((folder) => readdir(path.join(folder, 'platforms')).catch(() => [])),
  );
  return names
    .flat()
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length))
    .sort();
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
