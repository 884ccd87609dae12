/** A server that is there already: on it a rehearsal makes and drops databases of its own. */
import pg from 'pg';
import { UserError } from '../../errors.js';
import { type ConnectionSettings, formatAddress } from '../connection.js';
import { describeConnectionError } from '../describe-connection-error.js';
import { NEWEST_MAJOR, OLDEST_MAJOR, parseMajor, versionInSql } from '../majors.js';
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
  const found = await untilAborted(signal, () => inspectServer(connection));
  const problem = findProblem({ ...found, user: connection.user, asked: major });
  if (problem !== null)
    throw new UserError(`${SETTING}: ${formatAddress(connection)}: ${problem}`, { exitCode: 3 });
  const info = { version: found.version, source: 'url' };
  progress({ kind: 'postgres-ready', postgres: info });
  return work({ info, connection });
};

interface Inspection {
  readonly version: string;
  readonly isSuperuser: boolean;
  /** Attributes of the role itself: they are not inherited. */
  readonly canMake: { readonly databases: boolean; readonly roles: boolean };
}

async function inspectServer(connection: ConnectionSettings): Promise<Inspection> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined); // The query rejects with it too.
  try {
    await client.connect();
    const { rows } = await client.query<Inspection>(
      `select ${versionInSql} as version,
              rolsuper as "isSuperuser",
              pg_catalog.json_build_object('databases', rolcreatedb, 'roles', rolcreaterole) as "canMake"
       from pg_catalog.pg_roles
       where rolname = current_user`,
    );
    return rows[0] as Inspection;
  } catch (error: unknown) {
    throw describeConnectionError(error, connection, SETTING);
  } finally {
    await client.end().catch(() => undefined); // It may never have been open.
  }
}

/** From here on a role that makes another may belong to it, and give it what it owns. */
const oldestForOthers = 16;

/** Also decides for servers that cannot be had for a test. */
export function findProblem({
  version,
  isSuperuser,
  canMake,
  user,
  asked,
}: Inspection & { readonly user: string; readonly asked: number | null }): string | null {
  const major = parseMajor(version);
  if (major === null || major < OLDEST_MAJOR) {
    return `the server is Postgres ${version}; ${OLDEST_MAJOR} is the oldest that is supported, ${NEWEST_MAJOR} the newest.`;
  }
  if (asked !== null && major !== asked) {
    return `the server is Postgres ${version}, but postgres-version asks for ${asked}. Change one of them.`;
  }
  if (isSuperuser) return null;
  if (major < oldestForOthers) {
    return `${user} is not a superuser, and before Postgres ${oldestForOthers} only a superuser can make databases for the roles that it makes. Connect as one (supabase_admin on Supabase's images), or use a server of ${oldestForOthers} or newer.`;
  }
  if (canMake.databases && canMake.roles) return null;
  return `${user} is not a superuser and may not make ${canMake.databases ? '' : 'databases'}${canMake.databases || canMake.roles ? '' : ' and '}${canMake.roles ? '' : 'roles'}, which a rehearsal does. Connect as a superuser (supabase_admin on Supabase's images), or as a role with createdb and createrole: alter role ${user} createdb createrole.`;
}
