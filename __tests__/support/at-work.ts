/** A command line whose fix sleeps in a database: started, and waited for until the server runs no statement of it any more. */
import type { ChildProcess } from 'node:child_process';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { withClient } from './server.js';

/** Sends the signal as soon as `pg_sleep` runs in the database. */
export async function killAtWork(
  cli: ChildProcess,
  signal: NodeJS.Signals,
  database: ConnectionSettings,
): Promise<void> {
  const isAtWork = () =>
    withClient(database, async (client) => {
      const { rows } = await client.query(
        "select from pg_stat_activity where datname = current_database() and query ~ 'pg_sleep' and pid <> pg_backend_pid()",
      );
      return rows.length > 0;
    });
  while (!(await isAtWork()));
  cli.kill(signal);
  while (await isAtWork());
}
