/** Removes containers of ours whose supervisor was killed before it could; never a live one's. */
import { access } from 'node:fs/promises';
import { hostname } from 'node:os';
import { listContainers, removeContainer } from './docker.js';

/** Several machines may share one docker, and each sees only its own directories. */
export function nameOwner(directory: string): string {
  return `${hostname()}:${directory}`;
}

/** Containers whose owner's directory is gone: directories are to be swept first, where nobody listens any more. */
export async function sweepContainers(docker: string): Promise<void> {
  const mine = nameOwner('');
  for (const { id, owner } of await listContainers(docker)) {
    if (!owner.startsWith(mine)) continue;
    const isOwned = await access(owner.slice(mine.length)).then(
      () => true,
      () => false,
    );
    if (!isOwned) await removeContainer(docker, id);
  }
}
