/** A query as one of the users, undone afterwards → how many rows they get, or the error. */
import { beginAs, undoAct } from '../database/act-as.js';
import { type DatabaseError, isDatabaseError } from '../database/database-error.js';
import type { Session } from '../database/with-session.js';
import type { Actor } from '../model.js';

/** Of policies that ask each other for ever. */
export const infiniteRecursion = '42P17';

export async function readAs(session: Session, user: Actor, select: string): Promise<number | DatabaseError> {
  await session.query(beginAs(user));
  try {
    const { rows } = await session.query(select);
    return rows.length;
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return error;
  } finally {
    await session.query(undoAct);
  }
}
