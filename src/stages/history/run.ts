/** Statements of a way back → run, and kept for a script: an attempt that is undone leaves none. */
import type { Session } from '../../database/with-session.js';
import { withSavepoint } from '../../database/with-transaction.js';

export interface Run {
  /** Returns how many rows it changed. */
  (sql: string): Promise<number>;
  /** Undoes all of the work where a part of it fails, and throws what that threw. */
  readonly orUndo: <T>(work: () => Promise<T>) => Promise<T>;
}

export function startRunning(session: Session): {
  readonly run: Run;
  readonly statements: readonly string[];
} {
  const statements: string[] = [];
  const query = async (sql: string) => {
    const { rowCount } = await session.query(sql);
    statements.push(sql);
    return rowCount ?? 0;
  };
  const orUndo = async <T>(work: () => Promise<T>): Promise<T> => {
    const { length } = statements;
    try {
      return await withSavepoint(session, work);
    } catch (error: unknown) {
      statements.length = length;
      throw error;
    }
  };
  return { run: Object.assign(query, { orUndo }), statements };
}
