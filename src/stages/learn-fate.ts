/** A transaction whose commit was not answered → what became of it, asked of the server anew. */
import { setTimeout } from 'node:timers/promises';
import type { Fate } from '../database/commit.js';
import { type Session, withBareSession } from '../database/with-session.js';
import type { ConnectionSettings } from '../postgres/connection.js';

/** How often a server that may be starting again is asked, a second apart. */
const questions = { usual: 15, stopped: 3 } as const;

/** Whoever aborts `signal` does not wait for long. */
export async function learnFate(
  connection: ConnectionSettings,
  signal: AbortSignal,
  transaction: string,
): Promise<Fate> {
  const most = () => (signal.aborted ? questions.stopped : questions.usual);
  for (let asked = 0; asked < most(); asked += 1) {
    const status = await askStatus(connection, transaction);
    if (status === 'committed') return 'yes';
    if (status === 'aborted') return 'no';
    await setTimeout(1000);
  }
  return 'unknown';
}

/** null: there is no answer, or the transaction goes on. */
async function askStatus(connection: ConnectionSettings, transaction: string): Promise<string | null> {
  try {
    return await withBareSession(connection, (session) => readStatus(session, transaction));
  } catch {
    // Whatever it is, nobody has answered.
    return null;
  }
}

/** `committed`, `aborted`, or `in progress`; null: it is too long ago. */
export async function readStatus(session: Session, transaction: string): Promise<string | null> {
  const { rows } = await session.query<{ status: string | null }>(
    'select pg_catalog.pg_xact_status($1::pg_catalog.xid8) as status',
    [transaction],
  );
  return rows[0]?.status ?? null;
}
