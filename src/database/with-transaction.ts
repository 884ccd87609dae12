/** Work in a transaction that is kept, or undone whatever the work found. */
import type pg from 'pg';
import { TransactionEnded, withSecond } from '../errors.js';
import type { SqlFile } from '../model.js';
import { commit, type Keeping, keepingAlone, readTransaction } from './commit.js';
import { isDatabaseError, isLostConnection } from './database-error.js';
import { beginOwn, beginOwnReading, orNamed, ownAgain } from './own-session.js';
import { answerOf, type PartEnd, runGroups } from './run-file.js';
import { suggestNames } from './suggest-names.js';
import { anywhere, transactionEnded, transactionToken } from './watch-transaction.js';
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

/**
 * Files of a bundle, each in a savepoint, and in a session that is ours again after what `ahead` says, whatever ran in it before. The
 * first that fails is undone, and its error thrown. Returns the answers to `behind`, which is asked after each.
 */
export async function runOwnFiles(
  session: Session,
  files: readonly SqlFile[],
  { ahead = '', behind = 'select' }: { readonly ahead?: string; readonly behind?: string } = {},
): Promise<(pg.QueryResult | null)[]> {
  const ends = await runGroups(
    session,
    files.map((file) => [`${ownAgain}; ${ahead}; ${begin}`, { file }, keep, behind] as const),
  );
  const answers: (pg.QueryResult | null)[] = [];
  for (const [begun, done, kept, asked] of ends) {
    await orNamed(async () => answerOf(begun));
    await endSavepoint(
      session,
      async () => answerOf(done),
      async () => answerOf(kept),
    );
    answers.push(answerOf(asked));
  }
  return answers;
}

/** Files of a bundle, each after what `ahead` says, each undone. One that fails is no other's affair. */
export async function tryFiles(
  session: Session,
  files: readonly SqlFile[],
  { ahead = 'select' }: { readonly ahead?: string } = {},
): Promise<PartEnd[]> {
  const ends = await runGroups(
    session,
    files.map((file) => [`${begin}; ${ahead}`, { file }, undo] as const),
  );
  const tried: PartEnd[] = [];
  for (const [begun, done, undone] of ends) {
    answerOf(begun);
    await endSavepoint(
      session,
      async () => null,
      async () => answerOf(undone),
    );
    tried.push('error' in done ? { error: await suggestNames(session, done.error) } : done);
  }
  return tried;
}

const begin = 'savepoint work';
const keep = 'release savepoint work';
const undo = 'rollback to savepoint work; release savepoint work';

async function atSavepoint<T>(session: Session, work: () => Promise<T>, ending: string): Promise<T> {
  await session.query(begin);
  return endSavepoint(session, work, () => session.query(ending));
}

async function endSavepoint<T>(
  session: Session,
  work: () => Promise<T>,
  end: () => Promise<unknown>,
): Promise<T> {
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
    await end();
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
