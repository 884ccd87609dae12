/** A connection without a password → the same with the one that `~/.pgpass`, or the file `PGPASSFILE`, has for it. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import lookUp from 'pgpass';
import type { ConnectionSettings } from './connection.js';

/** Where libpq looks for a socket if nobody says where: the file calls them localhost. */
const defaultSockets = ['/tmp', '/var/run/postgresql'];

/** A file that others may read is left alone, as by libpq: whoever is asked for a password is told. */
export async function withPgpass(connection: ConnectionSettings): Promise<ConnectionSettings> {
  if (connection.password !== undefined) return connection;
  const unreadPasswordFile = await findUnread();
  if (unreadPasswordFile !== null) return { ...connection, unreadPasswordFile };
  const host = defaultSockets.includes(connection.host) ? 'localhost' : connection.host;
  const password = await new Promise<string | undefined>((resolve) =>
    lookUp({ ...connection, host }, resolve),
  );
  return { ...connection, password };
}

/** Asked here, too, the package would write its warning twice: the driver asks it for each connection. */
async function findUnread(): Promise<string | null> {
  const { PGPASSFILE, HOME = '.' } = process.env;
  if (process.platform === 'win32') return null;
  const file = PGPASSFILE || path.join(HOME, '.pgpass');
  const found = await stat(file).catch(() => null);
  return found === null || (found.isFile() && (found.mode & ofOthers) === 0) ? null : file;
}

/** Rights of the file's group and of everybody. */
const ofOthers = 0o077;
