/** Tries a connection once: settles what its settings leave open, or says why it fails. */
import pg from 'pg';
import type { ConnectionSettings } from './connection.js';
import { describeConnectionError } from './describe-connection-error.js';
import { withPgpass } from './read-pgpass.js';

/** The settings that connected, with the optional encryption decided, or a `UserError`. */
export async function resolveConnection(
  connection: ConnectionSettings,
  settingName: string,
): Promise<ConnectionSettings> {
  const known = await withPgpass(connection);
  try {
    return await tryConnection(known);
  } catch (error: unknown) {
    throw describeConnectionError(error, known, settingName);
  }
}

async function tryConnection(connection: ConnectionSettings): Promise<ConnectionSettings> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined); // connect() rejects with it.
  try {
    await client.connect();
    return { ...connection, isSslOptional: false };
  } catch (error: unknown) {
    if (!connection.isSslOptional || !isSslUnavailable(error)) throw error;
    return await tryConnection({ ...connection, ssl: false, isSslOptional: false });
  } finally {
    await client.end().catch(() => undefined); // It may never have been open.
  }
}

function isSslUnavailable(error: unknown): boolean {
  return error instanceof Error && error.message === 'The server does not support SSL connections';
}
