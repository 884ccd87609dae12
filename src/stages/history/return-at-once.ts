/** A deployment, rolled back as soon as it was committed → whether the database is what it was, for everybody. */
import { differences } from '../../database/fingerprint.js';
import { withOwnersView } from '../../database/owners-view.js';
import type { Session } from '../../database/with-session.js';
import { withRollback, withTransaction } from '../../database/with-transaction.js';
import type { Bundle, TriedRollback } from '../../model.js';
import { compareReach } from '../access/compare-reach.js';
import { limitWaiting } from '../limit-waiting.js';
import { isExempt } from './compare-with-before.js';
import { lookAtAll } from './look-at-all.js';
import { noChoice } from './obstacle.js';
import {
  type Attempt,
  applyOnceMore,
  type Deployed,
  nothing,
  orProblem,
  rowsOf,
} from './rollback-attempt.js';
import { tryRollingBack } from './try-rolling-back.js';

/** Outside of a transaction. The rollback is kept, where nothing stands in its way. */
export async function returnAtOnce(
  session: Session,
  bundle: Bundle,
  deployed: Deployed,
  { appliesAgain }: { readonly appliesAgain: boolean },
): Promise<Attempt> {
  return orProblem(async () => {
    const hold: typeof withTransaction = (session, work) =>
      withTransaction(session, async () => {
        await limitWaiting(session, deployed);
        return work();
      });
    const found = await tryRollingBack(session, hold, { identity: deployed.identity, choices: noChoice });
    if (found.obstacles.length > 0)
      return { tried: { ...nothing, refused: found.obstacles.map(({ what }) => what) }, again: null };
    // In another transaction: keys of a row that the same one has written are checked when anything of it is changed.
    return withRollback(session, async () => {
      await limitWaiting(session, deployed);
      const { first, reach } = deployed;
      const now = await lookAtAll(session);
      const people =
        reach === null
          ? []
          : await withOwnersView(session, bundle.tables, () => compareReach(session, reach));
      const tables = [...new Set([...first.rows.keys(), ...now.rows.keys()])].filter(
        (table) => first.rows.get(table)?.digest !== now.rows.get(table)?.digest,
      );
      const tried: TriedRollback = {
        ...nothing,
        kept: found.kept,
        differing: [
          ...differences(first.definitions, now.definitions).filter((name) => !isExempt(name, found.exempt)),
          ...tables.map((table) => `rows of ${table}`),
          ...people,
        ],
        rows: rowsOf({ rows: first.rows, more: 0 }, now),
      };
      return appliesAgain ? applyOnceMore(session, bundle, deployed, tried) : { tried, again: null };
    });
  });
}
