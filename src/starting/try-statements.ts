/** Statements → those that a database took, and what it said of the others. */
import { isDatabaseError } from '../database/database-error.js';
import type { Session } from '../database/with-session.js';
import { withSavepoint } from '../database/with-transaction.js';

/** In the open transaction. `again` are the others themselves. */
export async function tryStatements(
  session: Session,
  statements: readonly string[],
): Promise<{ readonly kept: string[]; readonly refused: string[]; readonly again: string[] }> {
  const kept: string[] = [];
  const again: string[] = [];
  const refused: string[] = [];
  for (const statement of statements) {
    try {
      await withSavepoint(session, () => session.query(statement));
      kept.push(statement);
    } catch (error: unknown) {
      if (!isDatabaseError(error)) throw error;
      again.push(statement);
      refused.push(`${statement.split('\n')[0]?.slice(0, 120)}: ${error.message}`);
    }
  }
  return { kept, refused, again };
}
