/** Lets every account read a folder, and enter or execute what its owner can: under root the server's account is another. */
import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export async function openToEveryone(folder: string): Promise<void> {
  await grantOwnersAccess(folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToEveryone(path);
    else if (entry.isFile()) await grantOwnersAccess(path);
  }
}

async function grantOwnersAccess(path: string): Promise<void> {
  const { mode } = await stat(path);
  const readAndExecute = mode & 0o500;
  await chmod(path, mode | (readAndExecute >> 3) | (readAndExecute >> 6));
}
