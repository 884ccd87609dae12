/** A state that the fix must refuse → whether it did, with the code that is expected, and left everything as it was. */
import {
  differences,
  type Fingerprint,
  fingerprintCatalog,
  fingerprintData,
} from '../database/fingerprint.js';
import { withOwnersView } from '../database/owners-view.js';
import type { Session } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import type { ApplyResult, Bundle, RefusalResult, Skipped } from '../model.js';
import { deployFix } from './deploy-fix.js';
import type { FixOptions } from './fix-options.js';
import type { Unjudged } from './judge-subject.js';

export async function rehearseRefusal(
  session: Session,
  bundle: Bundle,
  sqlstate: string,
  options: FixOptions,
): Promise<Unjudged> {
  const start = await fingerprintCatalogAndData(session, bundle);
  const { found } = await deployFix(session, bundle, options);
  const end = await fingerprintCatalogAndData(session, bundle);
  return { ...found, refusal: judgeRefusal(sqlstate, found.apply, differences(start, end)) };
}

async function fingerprintCatalogAndData(session: Session, bundle: Bundle): Promise<Fingerprint> {
  const { tables } = bundle;
  return withRollback(session, async () => {
    const catalog = await fingerprintCatalog(session);
    const data = await withOwnersView(session, tables, () => fingerprintData(session, tables));
    return new Map([...catalog, ...data]);
  });
}

function judgeRefusal(
  sqlstate: string,
  apply: ApplyResult | Skipped,
  changed: readonly string[],
): RefusalResult {
  const problem = apply.outcome === 'skipped' ? null : apply.problem;
  return {
    outcome: problem?.sqlstate === sqlstate && changed.length === 0 ? 'pass' : 'fail',
    expected: `refused with ${sqlstate}`,
    actual: problem === null ? 'applied' : `refused with ${problem.sqlstate}: ${problem.message}`,
    changed,
  };
}
