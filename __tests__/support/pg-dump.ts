/** The pg_dump of this machine, if there is one, and a server that it can dump. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import type { ConnectionSettings } from '../../src/postgres/connection.js';

export interface PgDump {
  readonly folder: string;
  readonly major: number;
}

/** Null where none is installed: the fixtures were made by one, and are tested everywhere. */
export const installedPgDump: PgDump | null = findPgDump();

function findPgDump(): PgDump | null {
  const root = '/usr/lib/postgresql';
  const folders = existsSync(root) ? readdirSync(root).map((name) => path.join(root, name, 'bin')) : [];
  for (const folder of [...folders.sort().reverse(), ...(process.env.PATH ?? '').split(path.delimiter)]) {
    const program = path.join(folder, 'pg_dump');
    if (!existsSync(program)) continue;
    const said = execFileSync(program, ['--version'], { encoding: 'utf8' });
    const major = Number(/\) (\d+)/.exec(said)?.[1]);
    if (major >= 14) return { folder, major };
  }
  return null;
}

/** Writes the dump to `file`, which is a folder for the directory form. */
export async function dump(
  { folder }: PgDump,
  connection: ConnectionSettings,
  file: string,
  options: readonly string[],
): Promise<void> {
  const { host, port, user, password, database } = connection;
  const address = ['--host', String(host), '--port', String(port), '--username', String(user)];
  await execa(
    path.join(folder, 'pg_dump'),
    [...address, '--no-password', '--file', file, ...options, String(database)],
    { env: { PGPASSWORD: String(password) } },
  );
}
