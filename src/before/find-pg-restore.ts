/** An archive of pg_dump → the pg_restore of this machine that can read it. */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { listPlaces } from '../postgres/binaries/find-installed.js';
import { runCommand } from '../postgres/processes/run-command.js';

/** Throws a UserError that says what to do where there is none, or none new enough. */
export async function findPgRestore(archive: string): Promise<string> {
  const programs = await listPrograms();
  let said = '';
  for (const program of programs) {
    // Reads the table of contents only.
    const { exitCode, stderr } = await runCommand(program, ['--list', archive]);
    if (exitCode === 0) return program;
    said = stderr.trim().split('\n')[0] ?? '';
  }
  const why =
    programs.length === 0
      ? 'no pg_restore was found, which reads it'
      : `none of the pg_restore here can read it (${said})`;
  throw new UserError(
    `${archive}: is an archive of pg_dump, and ${why}. Install the client of a Postgres that is as new as the pg_dump (postgresql-client-18, say), set PGBIN to its folder, or dump to plain SQL with pg_dump --format=plain.`,
  );
}

async function listPrograms(): Promise<string[]> {
  const name = process.platform === 'win32' ? 'pg_restore.exe' : 'pg_restore';
  const found: string[] = [];
  for (const place of await listPlaces(process.env)) {
    const program = join(place, name);
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) found.push(program);
  }
  return found;
}
