/** The migrations of a folder of Atlas, in order → those from the newest checkpoint on, which makes all that the earlier ones did. */
import { open } from 'node:fs/promises';

export async function fromCheckpoint(paths: readonly string[]): Promise<string[]> {
  for (let index = paths.length - 1; index > 0; index -= 1) {
    if (/^-- atlas:checkpoint\b/m.test(await readHead(paths[index] as string))) return paths.slice(index);
  }
  return [...paths];
}

/** Atlas reads what a file says of itself in its first lines alone. */
async function readHead(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return /^(?:--.*\r?\n)*/.exec(buffer.toString('utf8', 0, bytesRead))?.[0] ?? '';
  } finally {
    await file.close();
  }
}
