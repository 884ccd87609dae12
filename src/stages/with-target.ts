/** `database-url` → a session on the database that it leads to, once that was confirmed and nobody else is at work there. */

import type { Keeping, OnCommit } from '../database/commit.js';
import { tellingFate } from '../database/telling-fate.js';
import { type Session, withBareSession, withCancellation } from '../database/with-session.js';
import { UserError } from '../errors.js';
import type { PostgresInfo } from '../model.js';
import { type ConnectionSettings, formatAddress } from '../postgres/connection.js';
import { isSupabase } from '../postgres/hosts.js';
import { OLDEST_MAJOR, parseMajor, versionInSql } from '../postgres/majors.js';
import { parsePostgresUrl } from '../postgres/parse-postgres-url.js';
import { resolveConnection } from '../postgres/resolve-connection.js';
import type { WaySettings } from '../settings/settings.js';
import { confirmTarget } from './confirm-target.js';
import { findPooler, type Pooler, takesNoTransaction } from './find-pooler.js';
import { assertWithin } from './keep-to-window.js';
import { learnFate } from './learn-fate.js';
import { withOnlyRun } from './one-run-at-a-time.js';

const setting = 'database-url';
/** Of Supabase's transaction poolers, which are told so before they are asked; any other pooler is found by asking. */
const transactionPoolerPort = 6543;

type TakesTurns = 'transaction' | 'statement';

export interface Target {
  readonly session: Session;
  readonly postgres: PostgresInfo;
  readonly connection: ConnectionSettings;
  readonly pooler: Exclude<Pooler, TakesTurns>;
  readonly keeping: Keeping;
}

export interface WayOptions {
  readonly signal: AbortSignal;
  readonly onCommit?: OnCommit | undefined;
}

/** Throws a UserError before anything is done where the address, what was typed, the time or the server is not right. */
export async function withTarget<T>(
  { databaseUrl, databaseCa, confirm, window }: WaySettings,
  { signal, onCommit }: WayOptions,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const wanted = parsePostgresUrl(databaseUrl, setting, { caFile: databaseCa, isSomebodys: true });
  confirmTarget(wanted, confirm, setting);
  assertWithin(window, new Date());
  if (wanted.port === transactionPoolerPort && isSupabase(wanted.host)) {
    throw refusePooler(wanted, 'transaction');
  }
  const connection = await resolveConnection(wanted, setting);
  return tellingFate(onCommit, (noteCommit) =>
    withBareSession(connection, async (session) => {
      const version = await readSupportedVersion(session, connection);
      await assertSameName(session, connection);
      const pooler = await findPooler(session, connection);
      if (pooler === 'transaction' || pooler === 'statement') throw refusePooler(connection, pooler);
      const postgres = { version, source: 'target' };
      return withCancellation(session, { connection, signal }, () =>
        withOnlyRun(session, () =>
          work({
            session,
            postgres,
            connection,
            pooler,
            keeping: {
              learnFate: (transaction) => learnFate(connection, signal, transaction),
              onCommit: noteCommit,
              withAnother: (rest) => withBareSession(connection, rest),
            },
          }),
        ),
      );
    }),
  );
}

/**
 * To look at a database in one transaction: nothing is to be confirmed, nobody is in the way, and a session or transaction
 * pooler gives one connection for it. Throws a UserError where the address or the server is not right.
 */
export async function withReader<T>(
  { databaseUrl, databaseCa }: Pick<WaySettings, 'databaseUrl' | 'databaseCa'>,
  { signal }: { readonly signal: AbortSignal },
  work: (reader: Pick<Target, 'session' | 'connection'> & { readonly version: string }) => Promise<T>,
): Promise<T> {
  const wanted = parsePostgresUrl(databaseUrl, setting, { caFile: databaseCa, isSomebodys: true });
  const connection = await resolveConnection(wanted, setting);
  return withBareSession(connection, async (session) => {
    const version = await readSupportedVersion(session, connection);
    return withCancellation(session, { connection, signal }, () =>
      work({ session, connection, version }).catch((error: unknown) => {
        throw takesNoTransaction(error) ? refusePooler(connection, 'statement') : error;
      }),
    );
  });
}

async function readSupportedVersion(session: Session, connection: ConnectionSettings): Promise<string> {
  const version = await readVersion(session);
  if ((parseMajor(version) ?? 0) >= OLDEST_MAJOR) return version;
  throw new UserError(
    `${setting}: ${formatAddress(connection)} is Postgres ${version}; ${OLDEST_MAJOR} is the oldest that is supported.`,
    { exitCode: 3 },
  );
}

function refusePooler(connection: ConnectionSettings, kind: TakesTurns): UserError {
  return new UserError(
    `${setting}: ${formatAddress(connection)} is a ${kind} pooler: it gives a session different connections to the server, so that the locks, settings and the transaction of the fix would not be its own. Take the direct address, or that of a session pooler; on Supabase port 5432, as the Connect page shows it.`,
  );
}

async function readVersion(session: Session): Promise<string> {
  const { rows } = await session.query<{ version: string }>(`select ${versionInSql} as version`);
  return rows[0]?.version ?? '';
}

/** A pooler may lead a name to another database than the server's of that name: what was confirmed is then not what changes. */
async function assertSameName(session: Session, connection: ConnectionSettings): Promise<void> {
  const { rows } = await session.query<{ name: string }>('select pg_catalog.current_database() as name');
  const name = rows[0]?.name ?? '';
  if (name === connection.database) return;
  throw new UserError(
    `${setting}: ${formatAddress(connection)} is a pooler's name for the database "${name}", so that what was typed is not what would change. Take the direct address of the database.`,
  );
}
