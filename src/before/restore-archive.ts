/** An archive of pg_dump → the SQL that pg_restore makes of it, as it comes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UserError } from '../errors.js';

/** Ended with its reader. */
export async function* restoreArchive(pgRestore: string, path: string): AsyncGenerator<Buffer> {
  const child = spawn(pgRestore, ['--file=-', path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  const closed = once(child, 'close');
  try {
    yield* child.stdout;
    const [exitCode] = await closed;
    if (exitCode !== 0) {
      throw new UserError(`${path}: pg_restore could not read it to its end: ${said.trim()}. Dump it again.`);
    }
  } finally {
    child.kill();
  }
}
