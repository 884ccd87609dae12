/** The job of a supervisor that puts Postgres binaries in a folder: complete or not at all, whoever else does the same. */
import { cp, mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hydrateSymlinks } from '../binaries/hydrate-symlinks.js';
import { fetchPackage } from './fetch-package.js';
import type { InstallBinaries, Supervision } from './job.js';
import { openToEveryone } from './open-to-everyone.js';
import { withPrivateDirectory } from './private-directory.js';
import { sweep } from './sweep.js';

export async function installBinaries(
  { from, folder }: InstallBinaries,
  { signal, answer }: Supervision<null>,
): Promise<void> {
  const cache = dirname(folder);
  await mkdir(cache, { recursive: true, mode: 0o755 });
  await sweep([cache]);
  await withPrivateDirectory({ parent: cache, mode: 0o700 }, async (directory) => {
    const complete = join(directory, 'complete');
    if (from.kind === 'copy') await cp(from.folder, complete, { recursive: true, verbatimSymlinks: true });
    else await fetchPackage(from, { into: directory, as: complete, signal });
    await hydrateSymlinks(complete);
    await openToEveryone(complete);
    signal.throwIfAborted();
    await moveUnlessThere(complete, folder);
  });
  answer(null);
}

/** Another run may have been faster; what it put there is the same. */
async function moveUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error: unknown) {
    const isThere = await stat(to).then(
      () => true,
      () => false,
    );
    if (!isThere) throw error;
  }
}
