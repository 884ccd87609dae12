/** The folder of Postgres binaries on this machine that has the asked major, or every reason why none does. */
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NEWEST_MAJOR, OLDEST_MAJOR } from '../majors.js';
import { listSearchFolders } from '../processes/search-path.js';
import type { ServerAccount } from '../processes/server-account.js';
import { CannotServe } from '../server.js';
import type { Binaries } from './binaries.js';
import { probeBinaries } from './probe-binaries.js';

/** The major null is any that is supported; of those found in the same kind of place the newest. */
export async function findInstalledBinaries(
  major: number | null,
  account: ServerAccount | null,
): Promise<Binaries> {
  const reasons: string[] = [];
  for (const folder of await listFolders()) {
    const probe = await probeBinaries(folder, account);
    if (probe.outcome !== 'usable') reasons.push(probe.reason);
    else if (!isWanted(probe.major, major)) reasons.push(`${folder} is Postgres ${probe.version}`);
    else return { folder, major: probe.major, version: probe.version };
  }
  const wanted = major === null ? `Postgres ${OLDEST_MAJOR} to ${NEWEST_MAJOR}` : `Postgres ${major}`;
  throw new CannotServe([`no ${wanted} is installed`, ...reasons].join('; '));
}

function isWanted(found: number, asked: number | null): boolean {
  return asked === null ? found >= OLDEST_MAJOR && found <= NEWEST_MAJOR : found === asked;
}

/** Folders that hold a `postgres`, each once: those named first win. */
async function listFolders(): Promise<string[]> {
  const program = process.platform === 'win32' ? 'postgres.exe' : 'postgres';
  const folders = new Set<string>();
  for (const place of await listPlaces(process.env)) {
    try {
      folders.add(dirname(await realpath(join(place, program))));
    } catch {
      // Nothing there.
    }
  }
  return [...folders];
}

/** Folders in which binaries of Postgres may be. `PGBIN` comes first: somebody pointed there. */
export async function listPlaces(env: NodeJS.ProcessEnv): Promise<string[]> {
  const places = [
    ...(await listVersions('/usr/lib/postgresql', /^\d+$/)),
    ...(await listVersions('/opt/homebrew/opt', /^postgresql@\d+$/)),
    ...(await listVersions('/usr/local/opt', /^postgresql@\d+$/)),
    ...(await listVersions(join(env.ProgramFiles ?? 'C:\\Program Files', 'PostgreSQL'), /^\d+$/)),
    ...listSearchFolders(),
  ];
  return [env.PGBIN ?? '', ...places].filter((place) => place !== '');
}

/** The `bin` folders of side-by-side installations, newest first. */
async function listVersions(parent: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  return names
    .filter((name) => pattern.test(name))
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))
    .map((name) => join(parent, name, 'bin'));
}
