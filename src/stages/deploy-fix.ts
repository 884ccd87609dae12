/** The deployment, from preflight to verdict: the same for a rehearsal and for a target. */
import type { Session } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import { TransactionEnded } from '../errors.js';
import type { Bundle, PreflightResult, Skipped } from '../model.js';
import { applyFix, type FixProofs } from './apply-fix.js';
import { judgeSubject, notStarted, type Unjudged } from './judge-subject.js';
import { runPreflight } from './preflight.js';
import type { FixOptions } from './prove-fix.js';
import { compareChecks, runChecks } from './run-checks.js';

export interface Deployment {
  readonly found: Unjudged;
  /** Whether every proof passed and the transaction was committed. */
  readonly isKept: boolean;
}

/**
 * What the checks say before is asked in a transaction of its own: in the fix's own it would hold a lock on each table that a
 * check reads, which two deployments at once would wait for in vain.
 */
export async function deployFix(session: Session, bundle: Bundle, options: FixOptions): Promise<Deployment> {
  const { onStage } = options;
  onStage('preflight');
  const preflight = await runPreflight(session, bundle);
  try {
    return await applyAndJudge(session, bundle, preflight, options);
  } catch (error: unknown) {
    if (!(error instanceof TransactionEnded)) throw error;
    const found = notStarted(bundle, 'what ran in the transaction ended it');
    return { found: { ...found, preflight, problem: error.problem }, isKept: false };
  }
}

async function applyAndJudge(
  session: Session,
  bundle: Bundle,
  preflight: PreflightResult,
  options: FixOptions,
): Promise<Deployment> {
  const { sections, onStage } = options;
  onStage('checks before');
  const before = await withRollback(session, () => runChecks(session, bundle));

  const isWholeFix = sections.length === bundle.sections.length;
  const gather = ({ after, ...proofs }: FixProofs): Unjudged => ({
    problem: null,
    loading: notLoaded,
    preflight,
    refusal: notToBeRefused,
    checks: compareChecks(bundle, before, after),
    ...proofs,
  });
  const { proofs, isKept } = await applyFix(session, bundle, {
    ...options,
    keepWhen: (found) => judgeSubject(gather(found), isWholeFix) === 'pass',
  });
  return { found: gather(proofs), isKept };
}

const notLoaded: Skipped = { outcome: 'skipped', reason: 'nothing was loaded by before' };
const notToBeRefused: Skipped = { outcome: 'skipped', reason: 'the fix must repair this database' };
