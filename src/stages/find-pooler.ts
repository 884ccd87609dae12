/** Whether a pooler gives the session another connection to the server for each transaction or statement: found by asking, not by the port. */
import { isDatabaseError } from '../database/database-error.js';
import { type Session, withBareSession } from '../database/with-session.js';
import { UserError } from '../errors.js';
import { type ConnectionSettings, formatAddress } from '../postgres/connection.js';

/** `session`: something stands in between, and keeps to one connection. */
export type Pooler = 'none' | 'session' | 'transaction' | 'statement';

/** A pooler that takes turns gives another connection at once, one that takes them at random hardly ever the same ten times. */
const turns = 10;

/**
 * One that hands out again what was last given back is found by another session: what this one was given must be its own,
 * while others work and while it rests. To be called outside of a transaction. Throws a UserError where no other is let in.
 */
export async function findPooler(session: Session, connection: ConnectionSettings): Promise<Pooler> {
  const own = await readProcess(session);
  for (let turn = 1; turn < turns; turn += 1) {
    if ((await readProcess(session)) !== own) return 'transaction';
  }
  try {
    const isShared = await withBareSession(connection, async (other) => {
      await other.query('begin');
      const found = (await readProcess(other)) === own || (await readProcess(session)) !== own;
      await other.query('rollback');
      return found;
    });
    if (isShared) return 'transaction';
  } catch (error: unknown) {
    if (takesNoTransaction(error)) return 'statement';
    if (!isDatabaseError(error)) throw error;
    throw new UserError(
      `database-url: ${formatAddress(connection)} gave no second session beside the first (${error.message}), which a run needs. Is the pool of a pooler too small, or max_connections reached? Raise it, or take the direct address.`,
      { exitCode: 3, cause: error },
    );
  }
  // What the server has said at the start, which a pooler says in its place.
  const { processID } = session as Session & { readonly processID?: number | null };
  return processID === own ? 'none' : 'session';
}

/** As pgbouncer says it, which then ends the session. */
export function takesNoTransaction(error: unknown): boolean {
  return isDatabaseError(error) && /\bstatement pooling\b/.test(error.message);
}

async function readProcess(session: Session): Promise<number | undefined> {
  const { rows } = await session.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  return rows[0]?.pid;
}
