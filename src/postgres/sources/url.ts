/** A server that is there already: on it a rehearsal makes and drops databases of its own. */
import pg from 'pg';
import { UserError } from '../../errors.js';
import { type ConnectionSettings, formatAddress } from '../connection.js';
import { describeConnectionError } from '../describe-connection-error.js';
import { NEWEST_MAJOR, OLDEST_MAJOR, parseMajor } from '../majors.js';
import { parsePostgresUrl } from '../parse-postgres-url.js';
import { resolveConnection } from '../resolve-connection.js';
import { CannotServe, type Source } from '../server.js';
import { untilAborted } from '../until-aborted.js';

const SETTING = 'postgres-url';

/**
 * Throws a `UserError` for whatever is wrong with the server: somebody asked for this one. A work that is under way has to
 * heed the signal itself: what it made on somebody's server it must remove.
 */
export const withUrlServer: Source = async ({ url, major }, { progress, signal }, work) => {
  if (url === null) throw new CannotServe(`there is no ${SETTING}`);
  const wanted = parsePostgresUrl(url, SETTING);
  progress({ kind: 'postgres-starting', text: `Connecting to ${formatAddress(wanted)}` });
  const connection = await untilAborted(signal, () => resolveConnection(wanted, SETTING));
  const { version, isSuperuser } = await untilAborted(signal, () => inspectServer(connection));
  const problem = findProblem({ version, isSuperuser, asked: major });
  if (problem !== null)
    throw new UserError(`${SETTING}: ${formatAddress(connection)}: ${problem}`, { exitCode: 3 });
  const info = { version, source: 'url' };
  progress({ kind: 'postgres-ready', postgres: info });
  return work({ info, connection });
};

interface Inspection {
  readonly version: string;
  readonly isSuperuser: boolean;
}

async function inspectServer(connection: ConnectionSettings): Promise<Inspection> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined); // The query rejects with it too.
  try {
    await client.connect();
    const { rows } = await client.query<Inspection>(
      `select pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1) as version,
              (select rolsuper from pg_catalog.pg_roles where rolname = current_user) as "isSuperuser"`,
    );
    return rows[0] as Inspection;
  } catch (error: unknown) {
    throw describeConnectionError(error, connection, SETTING);
  } finally {
    await client.end().catch(() => undefined); // It may never have been open.
  }
}

/** Also decides for servers that cannot be had for a test. */
export function findProblem({
  version,
  isSuperuser,
  asked,
}: Inspection & { asked: number | null }): string | null {
  const major = parseMajor(version);
  if (major === null || major < OLDEST_MAJOR) {
    return `the server is Postgres ${version}; ${OLDEST_MAJOR} is the oldest that is supported, ${NEWEST_MAJOR} the newest.`;
  }
  if (asked !== null && major !== asked) {
    return `the server is Postgres ${version}, but postgres-version asks for ${asked}. Change one of them.`;
  }
  if (!isSuperuser) {
    return 'the user is not a superuser. States are built under several owners, in databases made for them: connect as a superuser of a server that may be played with.';
  }
  return null;
}
