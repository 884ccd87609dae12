/** Whether a pooler gives the session another connection to the server for each transaction: found by asking, not by the port. */
import { isDatabaseError } from '../database/database-error.js';
import { type Session, withBareSession } from '../database/with-session.js';
import type { ConnectionSettings } from '../postgres/connection.js';

/** `session`: something stands in between, and keeps to one connection. */
export type Pooler = 'none' | 'session' | 'transaction';

/** A pooler that takes turns gives another connection at once, one that takes them at random hardly ever the same ten times. */
const turns = 10;

/**
 * One that hands out again what was last given back is found by another session: what this one was given must be its own,
 * while others work and while it rests. To be called outside of a transaction.
 */
export async function findPooler(session: Session, connection: ConnectionSettings): Promise<Pooler> {
  const own = await readProcess(session);
  for (let turn = 1; turn < turns; turn += 1) {
    if ((await readProcess(session)) !== own) return 'transaction';
  }
  const isShared = await withBareSession(connection, async (other) => {
    try {
      await other.query('begin');
    } catch (error: unknown) {
      // One that takes turns by statements refuses it, and ends the session.
      if (isDatabaseError(error)) return true;
      throw error;
    }
    try {
      return (await readProcess(other)) === own || (await readProcess(session)) !== own;
    } finally {
      await other.query('rollback');
    }
  });
  if (isShared) return 'transaction';
  // What the server has said at the start, which a pooler says in its place.
  const { processID } = session as Session & { readonly processID?: number | null };
  return processID === own ? 'none' : 'session';
}

async function readProcess(session: Session): Promise<number | undefined> {
  const { rows } = await session.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  return rows[0]?.pid;
}
