/** A connection without a password → the same with the one that `~/.pgpass`, or the file `PGPASSFILE`, has for it. */
import lookUp from 'pgpass';
import type { ConnectionSettings } from './connection.js';

/** Where libpq looks for a socket if nobody says where: the file calls them localhost. */
const defaultSockets = ['/tmp', '/var/run/postgresql'];

/** A file that others may read is left alone, as by libpq; the warning goes to stderr. */
export async function withPgpass(connection: ConnectionSettings): Promise<ConnectionSettings> {
  if (connection.password !== undefined) return connection;
  const host = defaultSockets.includes(connection.host) ? 'localhost' : connection.host;
  const password = await new Promise<string | undefined>((resolve) =>
    lookUp({ ...connection, host }, resolve),
  );
  return { ...connection, password };
}
