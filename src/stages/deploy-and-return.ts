/** A deployment to a database of our own that is recorded as on a target, and then rolled back → all that was found out. */
import type { Session } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import { UserError } from '../errors.js';
import type { Bundle, Skipped } from '../model.js';
import type { AccessNotes } from './access/access.js';
import { deployFix } from './deploy-fix.js';
import type { FixOptions } from './fix-options.js';
import { hasHistory } from './history/history-schema.js';
import { lookAtAll } from './history/look-at-all.js';
import { rehearseRollback } from './history/rehearse-rollback.js';
import type { Unjudged } from './judge-subject.js';
import { limitWaiting } from './limit-waiting.js';
import { identify } from './read-identity.js';

export async function deployAndReturn(
  session: Session,
  bundle: Bundle,
  { onKept, ...options }: FixOptions & { readonly onKept: () => Promise<void> },
): Promise<Unjudged> {
  const skipped = (reason: string): Skipped => ({ outcome: 'skipped', reason });
  const unrecorded = await findUnrecorded(session);
  if (unrecorded !== null) {
    const { found } = await deployFix(session, bundle, options);
    return { ...found, rollback: skipped(unrecorded) };
  }
  const identity = await identify(session, 'a throwaway database');
  const first = await withRollback(session, async () => {
    await limitWaiting(session, options);
    return lookAtAll(session);
  });
  let reach: AccessNotes | null = null;
  const { found, committed } = await deployFix(session, bundle, {
    ...options,
    record: { bundle, sections: options.sections, target: identity },
    onReach: (notes) => {
      reach = notes;
    },
  });
  if (committed !== 'yes') return { ...found, rollback: skipped('the fix was not kept') };
  await onKept();
  options.onStage('rollback');
  const { sections, lockTimeout, statementTimeout } = options;
  const rollback = await rehearseRollback(session, bundle, {
    identity,
    sections,
    lockTimeout,
    statementTimeout,
    first,
    reach,
    checks: found.checks,
  });
  return { ...found, rollback };
}

/** Of a database that somebody has deployed to, with a record that is not this role's: on a target it would be refused. */
async function findUnrecorded(session: Session): Promise<string | null> {
  try {
    await withRollback(session, () => hasHistory(session));
    return null;
  } catch (error: unknown) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}
