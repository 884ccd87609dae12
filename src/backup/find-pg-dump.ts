/** A major of Postgres → the pg_dump of this machine that can dump it. */
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { listPlaces } from '../postgres/binaries/find-installed.js';
import { runCommand } from '../postgres/processes/run-command.js';

/** In `PGBIN` first. Throws a UserError that says what to do where there is none, or none new enough. */
export async function findPgDump(major: number): Promise<string> {
  const name = process.platform === 'win32' ? 'pg_dump.exe' : 'pg_dump';
  const found: string[] = [];
  for (const place of await listPlaces(process.env)) {
    const program = join(place, name);
    const version = await readVersion(program);
    if (version === null) continue;
    if (version >= major) return program;
    found.push(`${program} is of ${version}`);
  }
  const why =
    found.length === 0 ? 'no pg_dump was found' : `it is older than the server: ${found.join(', ')}`;
  throw new UserError(
    `backup: dump takes a pg_dump of Postgres ${major} or newer, and ${why}. Install the client of ${major} (postgresql-client-${major}, say) and set PGBIN to its folder; or take copy, which needs none.`,
    { exitCode: 3 },
  );
}

/** Null where there is no such program. */
async function readVersion(program: string): Promise<number | null> {
  try {
    const { exitCode, stdout } = await runCommand(program, ['--version']);
    const major = /\(PostgreSQL\)\s+(\d+)/.exec(stdout)?.[1];
    return exitCode === 0 && major !== undefined ? Number(major) : null;
  } catch {
    return null;
  }
}
