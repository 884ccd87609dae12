/** Work in a transaction that is kept, or undone whatever the work found. */
import type { Session } from './with-session.js';

/** Commits what the work returns, or rolls back and throws what it threw: its error is never lost to a failed rollback. */
export async function withTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return inTransaction(session, work, 'commit');
}

/** Always rolls back, so that nothing which the work wrote remains. */
export async function withRollback<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return inTransaction(session, work, 'rollback');
}

async function inTransaction<T>(
  session: Session,
  work: () => Promise<T>,
  ending: 'commit' | 'rollback',
): Promise<T> {
  await session.query('begin');
  let result: T;
  try {
    result = await work();
  } catch (error: unknown) {
    await rollBack(session, error);
    throw error;
  }
  await session.query(ending);
  return result;
}

/** Undoes what the work did, without ending the transaction that is open around it. */
export async function withSavepointRollback<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query('savepoint work');
  try {
    return await work();
  } finally {
    await session.query('rollback to savepoint work; release savepoint work');
  }
}

async function rollBack(session: Session, first: unknown): Promise<void> {
  try {
    await session.query('rollback');
  } catch (second: unknown) {
    throw new AggregateError([first, second], first instanceof Error ? first.message : String(first), {
      cause: first,
    });
  }
}
