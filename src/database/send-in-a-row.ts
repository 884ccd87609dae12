/** Statements of one transaction → their answers, sent one behind the other without waiting for each. */
import type pg from 'pg';
import type { Session } from './with-session.js';

/** A message each, as if each had been waited for. After the first that fails the server refuses the others of a transaction. */
export async function sendInARow(
  session: Session,
  queries: readonly pg.QueryConfig[],
): Promise<PromiseSettledResult<pg.QueryResult>[]> {
  // A session has one user, who waits for all of these answers, so that nothing else is under way.
  Object.assign(session, { pipeline: queries.length > 1 });
  try {
    return await Promise.allSettled(queries.map((query) => session.query(query)));
  } finally {
    Object.assign(session, { pipeline: false });
  }
}
