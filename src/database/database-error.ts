/** What the server itself refused, told from a lost connection or a bug of ours. */
import pg from 'pg';

export type DatabaseError = pg.DatabaseError;

export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof pg.DatabaseError;
}
