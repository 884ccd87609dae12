/** How npm is started: the one on PATH, else the one that came with this node (an action's node need not be on PATH). */
import { access, constants } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { JobFailure } from './job.js';

export interface Npm {
  readonly command: string;
  /** Come before npm's own. */
  readonly args: readonly string[];
}

/** The node that we are run by, and what is on PATH beside it. */
export interface NodeInstallation {
  readonly platform: NodeJS.Platform;
  readonly execPath: string;
  readonly searchPath: string;
}

export async function findNpm(
  installation: NodeInstallation = {
    platform: process.platform,
    execPath: process.execPath,
    searchPath: process.env.PATH ?? '',
  },
): Promise<Npm> {
  for (const npm of listPlaces(installation)) {
    if (await isThere(npm.args[0] ?? npm.command)) return npm;
  }
  throw new JobFailure(
    'there is no npm on PATH to fetch them with; install Node.js with npm, or choose another postgres-source',
  );
}

/** On Windows npm's script is run by our node: what PATH has is a `.cmd`, which cannot be spawned without a shell. */
export function listPlaces({ platform, execPath, searchPath }: NodeInstallation): Npm[] {
  const folders = searchPath.split(delimiter).filter(Boolean);
  const runScriptBelow = (folder: string) => ({
    command: execPath,
    args: [join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js')],
  });
  if (platform === 'win32') return [...folders, dirname(execPath)].map(runScriptBelow);
  return [
    ...folders.map((folder) => ({ command: join(folder, 'npm'), args: [] })),
    runScriptBelow(join(dirname(execPath), '..', 'lib')),
  ];
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
