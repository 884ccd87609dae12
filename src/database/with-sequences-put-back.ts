/** Work after which every sequence stands where it stood: no savepoint takes back a number that was drawn. */
import { isDatabaseError } from './database-error.js';
import { readCounters } from './read-counters.js';
import type { Session } from './with-session.js';
import { withSavepointRollback } from './with-transaction.js';

export async function withSequencesPutBack<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const before = new Map((await readCounters(session)).map((one) => [one.relation, one]));
  const result = await work();
  for (const { relation, value, isCalled } of await readCounters(session)) {
    const then = before.get(relation);
    if (then === undefined || (then.value === value && then.isCalled === isCalled)) continue;
    try {
      await withSavepointRollback(session, () =>
        session.query('select pg_catalog.setval($1::pg_catalog.regclass, $2, $3)', [
          relation,
          then.value,
          then.isCalled,
        ]),
      );
    } catch (error: unknown) {
      // Of one that is somebody else's there is a gap.
      if (!isDatabaseError(error)) throw error;
    }
  }
  return result;
}
