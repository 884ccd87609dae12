/** `database-url` → a session on the database that it leads to, once its name was confirmed. */
import { type Session, withBareSession, withCancellation } from '../database/with-session.js';
import { UserError } from '../errors.js';
import type { PostgresInfo } from '../model.js';
import { formatAddress } from '../postgres/connection.js';
import { OLDEST_MAJOR, parseMajor } from '../postgres/majors.js';
import { parsePostgresUrl } from '../postgres/parse-postgres-url.js';
import { resolveConnection } from '../postgres/resolve-connection.js';
import type { DeploySettings } from '../settings/settings.js';

const setting = 'database-url';
/** The port of Supabase's transaction pooler, which gives a session no connection of its own. */
const transactionPoolerPort = 6543;

/** Throws a UserError before anything is done where the address, the name or the server is not right. */
export async function withTarget<T>(
  { databaseUrl, databaseCa, confirm }: Pick<DeploySettings, 'databaseUrl' | 'databaseCa' | 'confirm'>,
  { signal }: { readonly signal: AbortSignal },
  work: (session: Session, postgres: PostgresInfo) => Promise<T>,
): Promise<T> {
  const wanted = parsePostgresUrl(databaseUrl, setting, { caFile: databaseCa });
  if (wanted.database !== confirm) {
    throw new UserError(
      `confirm: is "${confirm}", but ${setting} leads to the database "${wanted.database}". Type the name of the database that is to change.`,
    );
  }
  if (wanted.port === transactionPoolerPort && wanted.host.endsWith('.pooler.supabase.com')) {
    throw new UserError(
      `${setting}: ${formatAddress(wanted)} is the transaction pooler, which may change the connection between two statements. Use the session pooler, port 5432.`,
    );
  }
  const connection = await resolveConnection(wanted, setting);
  return withBareSession(connection, async (session) => {
    const { rows } = await session.query<{ version: string }>(
      "select pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1) as version",
    );
    const version = rows[0]?.version ?? '';
    if ((parseMajor(version) ?? 0) < OLDEST_MAJOR) {
      throw new UserError(
        `${setting}: ${formatAddress(connection)} is Postgres ${version}; ${OLDEST_MAJOR} is the oldest that is supported.`,
        { exitCode: 3 },
      );
    }
    return withCancellation(session, { connection, signal }, () =>
      work(session, { version, source: 'target' }),
    );
  });
}
