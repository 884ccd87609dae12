/** How npm is started: the one on PATH, else the one that came with this node (an action's node need not be on PATH). */
import { access, constants } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { JobFailure } from './job.js';

export interface Npm {
  readonly command: string;
  /** Come before npm's own. */
  readonly args: readonly string[];
}

export async function findNpm(): Promise<Npm> {
  for (const npm of listPlaces()) {
    if (await isThere(npm.args[0] ?? npm.command)) return npm;
  }
  throw new JobFailure(
    'there is no npm on PATH to fetch them with; install Node.js with npm, or choose another postgres-source',
  );
}

/** On Windows npm's script is run by our node: what PATH has is a `.cmd`, which cannot be spawned without a shell. */
function listPlaces(): Npm[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const nodeFolder = dirname(process.execPath);
  if (process.platform === 'win32') return [...folders, nodeFolder].map(runScriptBelow);
  return [
    ...folders.map((folder) => ({ command: join(folder, 'npm'), args: [] })),
    runScriptBelow(join(nodeFolder, '..', 'lib')),
  ];
}

function runScriptBelow(folder: string): Npm {
  return { command: process.execPath, args: [join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js')] };
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
