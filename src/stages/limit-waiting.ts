/** How long a statement may wait and run, for the open transaction: who only looks at a table waits for whoever has locked it. */
import type { Session } from '../database/with-session.js';

export interface Limits {
  /** Milliseconds a statement may wait for a lock. */
  readonly lockTimeout: number;
  /** Milliseconds a statement may take. */
  readonly statementTimeout: number;
}

export async function limitWaiting(
  session: Session,
  { lockTimeout, statementTimeout }: Limits,
): Promise<void> {
  await session.query(
    "select pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('statement_timeout', $2, true)",
    [String(lockTimeout), String(statementTimeout)],
  );
}
