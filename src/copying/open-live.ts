/** The address of a database of `before` → a session that reads one moment of it, and can write nothing. */

import { isDatabaseError } from '../database/database-error.js';
import { type Session, withBareSession, withCancellation } from '../database/with-session.js';
import { withoutValues } from '../database/without-values.js';
import { UserError } from '../errors.js';
import { type ConnectionSettings, formatAddress } from '../postgres/connection.js';
import { OLDEST_MAJOR, parseMajor, versionInSql } from '../postgres/majors.js';
import { parsePostgresUrl } from '../postgres/parse-postgres-url.js';
import { resolveConnection } from '../postgres/resolve-connection.js';

export interface Live {
  readonly session: Session;
  /** How messages begin: the setting, where the database is, and as whom it is read. */
  readonly name: string;
  /** What else can be done where it may not be read. */
  readonly otherwise: string;
}

/** On whose behalf it is read, as messages say it. */
export interface LiveUse {
  readonly setting: string;
  readonly otherwise: string;
}

const ofBefore: LiveUse = { setting: 'before', otherwise: 'leave the rows out: --rows none' };

/** No statement of ours but the reading of whole tables may take longer, nor wait longer for a lock. */
const statementTimeout = '60s';
const lockTimeout = '10s';

/** For the transaction: all rows are seen, or none, and each value is written in one way. */
export const readingSettings = `set local search_path = pg_catalog;
  set local row_security = off;
  set local client_encoding = 'UTF8';
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'postgres';
  set local bytea_output = 'hex';
  set local extra_float_digits = 3;
  set local timezone = 'UTC';
  set local lc_monetary = 'C';
  set local quote_all_identifiers = off;
  set local standard_conforming_strings = on;
  set local array_nulls = on;
  set local xmloption = content;
  set local jit = off`;

/**
 * All of it is one transaction on one connection, so that schema and rows are of the same moment, and a pooler that gives a
 * connection for a transaction does as well. What Postgres refuses becomes a UserError. Once the signal is aborted, what the
 * database is doing for us is ended: it would go on otherwise, with its locks.
 */
export async function withLive<T>(
  connection: ConnectionSettings,
  signal: AbortSignal,
  work: (live: Live) => Promise<T>,
  { setting, otherwise }: LiveUse = ofBefore,
): Promise<T> {
  const name = `${setting}: ${formatAddress(connection)}`;
  return withBareSession(connection, async (session) => {
    await orSay(name, async () => {
      await session.query('begin transaction isolation level repeatable read read only');
      await session.query(
        `set local default_transaction_read_only = on;
         set local statement_timeout = '${statementTimeout}';
         set local lock_timeout = '${lockTimeout}';
         set local idle_in_transaction_session_timeout = 0;
         set local synchronize_seqscans = off;
         ${readingSettings}`,
      );
      await assertReadable(session, name);
    });
    try {
      return await withCancellation(session, { connection, signal }, () =>
        work({ session, name, otherwise }),
      );
    } finally {
      // A connection that was lost has no transaction.
      await session.query('rollback').catch(() => undefined);
    }
  });
}

/** The same of an address that `before` gives. */
export async function withLiveAt<T>(
  address: string,
  signal: AbortSignal,
  work: (live: Live) => Promise<T>,
): Promise<T> {
  const wanted = parsePostgresUrl(address, ofBefore.setting, { isSomebodys: true });
  return withLive(await resolveConnection(wanted, ofBefore.setting), signal, work);
}

async function assertReadable(session: Session, name: string): Promise<void> {
  const { rows } = await session.query<{ version: string; isReadOnly: string }>(
    `select
         ${versionInSql} as version,
         pg_catalog.current_setting('transaction_read_only') as "isReadOnly"`,
  );
  const { version = '', isReadOnly = '' } = rows[0] ?? {};
  // Never seen; what is done next must not depend on that.
  if (isReadOnly !== 'on') throw new UserError(`${name}: the transaction is not read only.`);
  if ((parseMajor(version) ?? 0) >= OLDEST_MAJOR) return;
  throw new UserError(
    `${name} is Postgres ${version}; ${OLDEST_MAJOR} is the oldest that can be copied. Dump it with pg_dump, and give the dump.`,
    { exitCode: 3 },
  );
}

/** What the database says while it is read is of the reading: nothing of it is a problem of what is loaded. */
export async function orSay<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error: unknown) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${name}: ${sayWhy(error)}`, { exitCode: 3, cause: error });
  }
}

function sayWhy(error: unknown): string {
  if (!isDatabaseError(error)) {
    const reason = error instanceof Error ? error.message : String(error);
    return `could not be read to the end: ${reason}. Try again; where the connection is lost again, copy fewer rows.`;
  }
  const { code = '', message } = error;
  if (code === '57014')
    return `a query took longer than ${statementTimeout}, and was ended. Try again when it is less busy.`;
  if (code === '55P03')
    return `something has been locked for ${lockTimeout}: a migration, perhaps. Try again when it is done.`;
  if (code === '25006') return `refused to write, as it was asked to: ${message}. Nothing was changed.`;
  if (code === '42501')
    return `${message}. Connect as the owner of the tables or as a member of pg_read_all_data, or leave the rows out: --rows none.`;
  if (code.startsWith('57P') || code.startsWith('08'))
    return `the connection was lost: ${message}. Try again.`;
  // Data exceptions quote the value.
  return `could not be read: ${code.startsWith('22') ? withoutValues(message) : message} (${code}).`;
}
