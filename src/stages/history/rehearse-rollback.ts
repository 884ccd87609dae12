/** A deployment to a database of our own, rolled back as on a target: after it was used, and undone, then at once → whether it really returns. */
import type { Session } from '../../database/with-session.js';
import type { Bundle, RollbackResult, Skipped, TriedRollback } from '../../model.js';
import { options } from './obstacle.js';
import { returnAfterUse } from './return-after-use.js';
import { returnAtOnce } from './return-at-once.js';
import type { Deployed } from './rollback-attempt.js';

/** Outside of a transaction, when the deployment was committed. Afterwards it is rolled back, where nothing stands in the way. */
export async function rehearseRollback(
  session: Session,
  bundle: Bundle,
  deployed: Deployed,
): Promise<RollbackResult> {
  const used = await returnAfterUse(session, bundle, deployed);
  const isUsed = used.again !== null;
  const plainly = await returnAtOnce(session, bundle, deployed, { appliesAgain: !isUsed });
  const again = used.again ?? plainly.again ?? notAgain;
  const isFailed = [plainly.tried, used.tried].some((tried) => 'problem' in tried && isWrong(tried));
  const isRefused = plainly.tried.refused.length > 0;
  const isBroken = !('outcome' in again) && again.passed < again.planned;
  return {
    outcome: isFailed || isBroken ? 'fail' : isRefused ? 'refused' : 'pass',
    plain: plainly.tried,
    used: used.tried,
    definitions: deployed.first.definitions.size,
    people: isRefused ? 0 : (deployed.reach?.before.people.length ?? 0),
    again,
  };
}

const notAgain: Skipped = { outcome: 'skipped', reason: 'nothing was rolled back' };

function isWrong({ problem, differing, refused, rows, since, chosen }: TriedRollback): boolean {
  if (problem !== null) return true;
  if (refused.length > 0) return false;
  // Rows that users changed since stay as they are, where somebody chose that.
  const mayDiffer = chosen.includes(options.keepsNewRows);
  return differing.length > 0 || since.kept < since.written || (rows.returned < rows.before && !mayDiffer);
}
