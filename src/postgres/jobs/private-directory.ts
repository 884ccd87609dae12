/** A directory that nobody else can enter, that is gone afterwards, and that shows others whether its owner lives. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { basename, join } from 'node:path';

/** How leftovers are recognised: by their name, and by a file in them that says whose they are. */
export const DIRECTORY_PREFIX = 'schema-fix-pg-';
export const MARKER = 'README';

const MARKER_TEXT =
  'schema-fix-action made this directory for a throwaway Postgres. It goes when that goes.\n';

export interface PrivateDirectoryOptions {
  readonly parent: string;
  /** 0o711 where another account must get through to what is its own inside. */
  readonly mode: 0o700 | 0o711;
}

export async function withPrivateDirectory<T>(
  { parent, mode }: PrivateDirectoryOptions,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(parent, DIRECTORY_PREFIX));
  try {
    if (mode !== 0o700) await chmod(directory, mode);
    const lifeSign = await listen(getLifeSign(directory));
    try {
      await writeFile(join(directory, MARKER), MARKER_TEXT);
      return await work(directory);
    } finally {
      await new Promise((resolve) => lifeSign.close(resolve));
    }
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * A socket on which the owner listens. The kernel refuses connections to it once its process is dead, however it died and
 * whichever container looks at it; a recorded process id could by then be somebody else's.
 */
export function getLifeSign(directory: string): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\${basename(directory)}` : join(directory, 'alive');
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}
