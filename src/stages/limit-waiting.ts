/** How long a statement may wait and run, for the open transaction: who only looks at a table waits for whoever has locked it. */
import type { Session } from '../database/with-session.js';

export interface Limits {
  /** Milliseconds a statement may wait for a lock. */
  readonly lockTimeout: number;
  /** Milliseconds a statement may take. */
  readonly statementTimeout: number;
}

/** Milliseconds after which a statement of a client that is gone ends, and gives back its locks. */
const patience = 1000;

/** For the open transaction, or the session. Postgres looks after a client on Linux only; elsewhere the statement goes on to its end. */
export async function endWithClient(
  session: Session,
  { isLocal }: { readonly isLocal: boolean } = { isLocal: true },
): Promise<void> {
  await session.query(
    `select pg_catalog.set_config('client_connection_check_interval', $1, $2)
     where pg_catalog.version() ~ 'linux'`,
    [String(patience), isLocal],
  );
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
