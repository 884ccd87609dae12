/** Two sessions in a fixed order: the second begins while the first's transaction is open, which then ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseError } from '../../../src/database/database-error.js';
import type { Session } from '../../../src/database/with-session.js';

export interface Interleaved {
  /** Whether the second had to wait for the first, instead of passing it by. */
  readonly hasWaited: boolean;
  readonly first: Outcome;
  readonly second: Outcome;
}

/** The value that came back, or `SQLSTATE: message`. */
export type Outcome = string | null;

export interface Turn {
  readonly session: Session;
  /** Within a transaction that `interleave` opens and ends. */
  readonly act: (session: Session) => Promise<Outcome>;
}

const patienceMilliseconds = 20_000;

/** Nobody sleeps in the hope that it was long enough: the first ends when the second is done, or seen to wait. */
export async function interleave(
  first: Turn,
  second: Turn,
  { observer, ending = 'commit' }: { readonly observer: Session; readonly ending?: 'commit' | 'rollback' },
): Promise<Interleaved> {
  const pid = await readPid(second.session);
  await first.session.query('begin');
  const firstOutcome = await tell(() => first.act(first.session));
  let isDone = false;
  const acting = inTransaction(second).finally(() => {
    isDone = true;
  });
  const hasWaited = await untilItWaits(observer, pid, () => isDone);
  await first.session.query(ending);
  return { hasWaited, first: firstOutcome, second: await acting };
}

async function inTransaction({ session, act }: Turn): Promise<Outcome> {
  await session.query('begin');
  const outcome = await tell(() => act(session));
  await session.query('commit');
  return outcome;
}

async function tell(act: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act();
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

async function readPid(session: Session): Promise<number | undefined> {
  const { rows } = await session.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  return rows[0]?.pid;
}

/** Whether it came to wait for a lock before it was done. */
export async function untilItWaits(
  observer: Session,
  pid: number | undefined,
  isDone: () => boolean,
): Promise<boolean> {
  const deadline = Date.now() + patienceMilliseconds;
  while (!isDone()) {
    const { rows } = await observer.query('select from pg_catalog.pg_locks where pid = $1 and not granted', [
      pid,
    ]);
    if (rows.length > 0) return true;
    if (Date.now() > deadline) throw new Error('the second session neither waits nor comes to an end');
    await sleep(5);
  }
  return false;
}
