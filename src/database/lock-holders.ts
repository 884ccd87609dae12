/** Tables → who else holds a lock on one of them: whoever changes them waits for these. */
import { engineSql } from './engine-sql.js';
import type { Session } from './with-session.js';

export interface LockHolder {
  /** null: a prepared transaction, which has a name instead. */
  readonly pid: number | null;
  readonly gid: string | null;
  /** What this role may not see of others is null. */
  readonly user: string | null;
  readonly application: string | null;
  readonly state: string | null;
  /** As Postgres calls the process: `client backend`, `autovacuum worker`. */
  readonly kind: string | null;
  readonly tables: readonly string[];
  /** How long the transaction has been going on. */
  readonly seconds: number | null;
}

/** The longest first. */
export async function readLockHolders(session: Session, tables: readonly string[]): Promise<LockHolder[]> {
  const { rows } = await session.query<LockHolder>(engineSql('lock_holders'), [tables]);
  return rows;
}
