/** Work in a transaction that is kept, or undone whatever the work found. */
import { TransactionEnded, withSecond } from '../errors.js';
import { commit, endOfTransaction, type Keeping, keepingAlone, readTransaction } from './commit.js';
import { isDatabaseError, isLostConnection } from './database-error.js';
import { beginOwn, beginOwnReading, takeBack } from './own-session.js';
import { suggestNames } from './suggest-names.js';
import { transactionEnded, transactionToken } from './watch-transaction.js';
import type { Session } from './with-session.js';

/**
 * Commits what the work returns, or rolls back and throws what it threw: its error is never lost to a failed rollback. Where
 * the commit is not answered, what became of it is asked; throws a CommitUnknown where nobody says.
 */
export async function withTransaction<T>(
  session: Session,
  work: () => Promise<T>,
  keeping: Keeping = keepingAlone,
): Promise<T> {
  return inTransaction(session, work, keeping);
}

/** Always rolls back, so that nothing which the work wrote remains. */
export async function withRollback<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return inTransaction(session, work, 'rollback');
}

const reading = `begin read only;
  set local search_path = pg_catalog, pg_temp;
  set local statement_timeout = '60s';
  set local idle_in_transaction_session_timeout = 0;
  set local datestyle = 'ISO, YMD';
  set local quote_all_identifiers = off`;

/**
 * Of one that only reads, which a replica takes too: nothing but Postgres' own is called by the names, and what the database
 * sets for its application, how long and in which style, says nothing of it.
 */
export async function withReading<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query(reading);
  let result: T;
  try {
    result = await work();
  } catch (error: unknown) {
    await rollBack(session, error, 'rollback');
    throw error;
  }
  await session.query('rollback');
  return result;
}

/** The same as `withRollback`, in one snapshot and without leave to write: whatever runs in it cannot take that leave. */
export async function withOneSnapshot<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return inTransaction(session, work, 'rollback', beginOwnReading);
}

async function inTransaction<T>(
  session: Session,
  work: () => Promise<T>,
  ending: 'rollback' | Keeping,
  begin = beginOwn,
): Promise<T> {
  let result: T;
  let transaction: string | null = null;
  try {
    await begin(session);
    const token = await transactionToken(session);
    result = await work();
    // What a statement of a file ends is noticed at once; this is for whatever else there may be.
    if (!(await isStillIn(session, token))) throw transactionEnded(anywhere);
    if (ending !== 'rollback') transaction = await readTransaction(session);
  } catch (error: unknown) {
    await rollBack(session, error, 'rollback');
    throw await suggestNames(session, error);
  }
  if (ending === 'rollback') await session.query('rollback');
  else await commit(session, transaction, ending);
  return result;
}

const anywhere = { path: endOfTransaction, line: null, column: null, snippet: null };

/** An aborted transaction cannot be asked, and no other gets out of that state but by its end. */
async function isStillIn(session: Session, token: string): Promise<boolean> {
  const status = session.getTransactionStatus();
  return status === 'E' || (status === 'T' && (await transactionToken(session)) === token);
}

/** Undoes what the work did, without ending the transaction that is open around it. */
export async function withSavepointRollback<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return atSavepoint(session, work, undo);
}

/** Keeps what the work did, or undoes it and throws what it threw: the transaction can be used then. */
export async function withSavepoint<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return atSavepoint(session, work, keep);
}

/** The same, in a session that is ours again, whatever ran in it before. In one message: a fix has many files. */
export async function withOwnSavepoint<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return atSavepoint(session, work, keep, () => takeBack(session, begin));
}

const begin = 'savepoint work';
const keep = 'release savepoint work';
const undo = 'rollback to savepoint work; release savepoint work';

async function atSavepoint<T>(
  session: Session,
  work: () => Promise<T>,
  ending: string,
  open: () => Promise<unknown> = () => session.query(begin),
): Promise<T> {
  await open();
  let result: T;
  try {
    result = await work();
  } catch (error: unknown) {
    // The savepoint is gone with the transaction.
    if (error instanceof TransactionEnded) throw error;
    await rollBack(session, error, undo);
    throw await suggestNames(session, error);
  }
  try {
    await session.query(ending);
  } catch (error: unknown) {
    if (isDatabaseError(error) && noSavepoint.includes(error.code ?? '')) throw transactionEnded(anywhere);
    throw error;
  }
  return result;
}

/** no_active_sql_transaction and invalid_savepoint_specification: neither happens in the transaction that set it. */
const noSavepoint = ['25P01', '3B001'];

async function rollBack(session: Session, first: unknown, sql: string): Promise<void> {
  try {
    await session.query(sql);
  } catch (second: unknown) {
    // The server has rolled back what its client cannot any more.
    if (isLostConnection(second)) return;
    throw withSecond(first, second);
  }
}
