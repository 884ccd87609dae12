/** An index that is made, or taken away, outside of a transaction, so that nobody who writes has to wait. */
import { isDatabaseError } from '../../database/database-error.js';
import { quoteIdentifier } from '../../database/quote.js';
import { quoteTable } from '../../database/table-names.js';
import type { Session } from '../../database/with-session.js';
import type { FixOptions } from '../fix-options.js';
import { sayError } from '../history/obstacle.js';
import { endWithClient } from '../limit-waiting.js';
import { type PreparedIndex, sayLeft } from './list-wanted.js';

type IndexOptions = Pick<FixOptions, 'statementTimeout' | 'onWait'>;

export function quotePrepared({ schema, prepared }: PreparedIndex): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(prepared)}`;
}

/** Returns whether it is there. One that cannot be made is left to the fix. */
export async function makeIndex(
  session: Session,
  index: PreparedIndex,
  options: IndexOptions,
): Promise<boolean> {
  const { table, name, prepared, definition } = index;
  options.onWait(`The index ${name} is made on ${table} while the application goes on.`);
  try {
    const sql = `create index concurrently ${quoteIdentifier(prepared)} on ${quoteTable(table)} ${definition}`;
    await withLimits(session, options, () => session.query(sql));
    return true;
  } catch (error: unknown) {
    options.onWait(sayLeft(index, say(error)));
    await dropIndex(session, quotePrepared(index), options);
    return false;
  }
}

/** Where it does not succeed, the index is named: it hurts nobody but who writes. */
export async function dropIndex(session: Session, relation: string, options: IndexOptions): Promise<void> {
  try {
    await withLimits(session, options, () => session.query(`drop index concurrently if exists ${relation}`));
  } catch (error: unknown) {
    options.onWait(
      `The index ${relation} could not be taken away (${say(error)}): drop index concurrently ${relation};`,
    );
  }
}

/** Without what is in a row. */
function say(error: unknown): string {
  if (isDatabaseError(error)) return sayError(error);
  return error instanceof Error ? error.message : String(error);
}

/** Nobody waits behind it while it waits for who is in the way, so that nothing but the statement's own limit ends it. */
async function withLimits(
  session: Session,
  options: IndexOptions,
  work: () => Promise<unknown>,
): Promise<void> {
  await session.query(
    `set search_path = pg_catalog, pg_temp; set lock_timeout = 0; set statement_timeout = ${options.statementTimeout}`,
  );
  await endWithClient(session, { isLocal: false });
  try {
    await work();
  } finally {
    await session
      .query(
        'reset search_path; reset lock_timeout; reset statement_timeout; reset client_connection_check_interval',
      )
      .catch(() => undefined);
  }
}
