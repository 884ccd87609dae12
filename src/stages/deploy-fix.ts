/** The deployment, from preflight to verdict: the same for a rehearsal and for a target. */

import { isDatabaseError, isLostConnection } from '../database/database-error.js';
import {
  leaveNothing,
  noteSettings,
  restoreSettings,
  type SessionSettings,
} from '../database/own-session.js';
import type { Session } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import { describeProblem, TransactionEnded } from '../errors.js';
import type { Bundle, PreflightResult, Skipped, SqlProblem } from '../model.js';
import { applyFix, type FixProofs } from './apply-fix.js';
import { describeEnding } from './describe-ending.js';
import type { FixOptions } from './fix-options.js';
import { judgeSubject, notStarted, type Unjudged } from './judge-subject.js';
import { assertWithin } from './keep-to-window.js';
import { limitWaiting } from './limit-waiting.js';
import { runPreflight } from './preflight.js';
import { withPrepared } from './prepare/prepare-indexes.js';
import { compareChecks, runChecks } from './run-checks.js';

export interface Deployment {
  readonly found: Unjudged;
  /** Whether every proof passed and the transaction was committed. `unknown`: something else ended it. */
  readonly committed: 'yes' | 'no' | 'unknown';
}

/**
 * What the checks say before is asked in a transaction of its own: in the fix's own it would hold a lock on each table that a
 * check reads, which two deployments at once would wait for in vain.
 */
export async function deployFix(session: Session, bundle: Bundle, options: FixOptions): Promise<Deployment> {
  const { onStage } = options;
  let preflight: PreflightResult | Skipped = { outcome: 'skipped', reason: 'it did not come to its end' };
  const ended = (problem: SqlProblem, committed: Deployment['committed']): Deployment => {
    const reason = 'what ran before it ended the deployment';
    return { found: { ...notStarted(bundle, reason), preflight, problem }, committed };
  };
  try {
    onStage('preflight');
    preflight = await lookAround(session, bundle, options);
    if (preflight.outcome === 'fail') {
      const found = notStarted(bundle, 'the preflight refused it');
      return { found: { ...found, preflight, problem: null }, committed: 'no' };
    }
    const passed = preflight;
    return await withPrepared(session, bundle, options, (prepared) =>
      applyAndJudge(session, bundle, passed, { ...options, prepared }),
    );
  } catch (error: unknown) {
    if (error instanceof TransactionEnded) return ended(error.problem, 'unknown');
    // Whoever's database it is must be told first what became of it. A commit that was not answered is no error here.
    const problem = options.guards === null ? null : describeEnding(error, 'the deployment');
    if (problem === null) throw error;
    return ended(problem, 'no');
  }
}

async function lookAround(session: Session, bundle: Bundle, options: FixOptions): Promise<PreflightResult> {
  const isRefused = options.findings.some(({ severity }) => severity === 'refusal');
  // A replica takes no transaction of ours.
  if (isRefused) return runPreflight(session, bundle, options.findings);
  return withRollback(session, async () => {
    await limitWaiting(session, options);
    return runPreflight(session, bundle, options.findings);
  });
}

async function applyAndJudge(
  session: Session,
  bundle: Bundle,
  preflight: PreflightResult,
  options: FixOptions,
): Promise<Deployment> {
  const { place, sections, onStage } = options;
  const settings = await noteSettings(session);
  onStage('checks before');
  const before = await withRollback(session, async () => {
    await limitWaiting(session, options);
    return runChecks(session, bundle);
  });

  const isWholeFix = sections.length === bundle.sections.length;
  const gather = ({ after, ...proofs }: FixProofs): Unjudged => ({
    problem: null,
    loading: notLoaded,
    preflight,
    refusal: notToBeRefused,
    checks: compareChecks(bundle, before, after),
    ...proofs,
  });
  const { proofs, committed } = await applyFix(session, bundle, {
    ...options,
    keepWhen: (found) =>
      options.guards?.ending !== 'rollback' && judgeSubject(gather(found), isWholeFix) === 'pass',
    // A rehearsal leaves it to the fix, and looks what that leaves.
    beforeCommit: async () => {
      if (place === 'target') {
        // PostgREST goes by what it knows of the schema until it is told.
        await session.query("select pg_catalog.pg_notify('pgrst', 'reload schema')");
        await leaveNothing(session, settings);
      }
      if (options.guards !== null) assertWithin(options.guards.window, new Date());
    },
  });
  const problem = committed === 'yes' ? await restoreIfOpen(session, settings) : null;
  return { found: { ...gather(proofs), problem }, committed };
}

/** What was committed is told whatever goes wrong afterwards. Of a session that was lost at the commit nothing is left. */
async function restoreIfOpen(session: Session, settings: SessionSettings): Promise<SqlProblem | null> {
  try {
    return describeLeft(await restoreSettings(session, settings));
  } catch (error: unknown) {
    if (isLostConnection(error)) return null;
    if (isDatabaseError(error)) return describeLeft([`what cannot be put back (${error.code})`]);
    return describeProblem({
      path: afterwards,
      // internal_error
      sqlstate: 'XX000',
      message: `What the fix has set for longer than its transaction could not be looked for: ${String(error)}`,
      advice: 'The fix is committed. Please report this.',
    });
  }
}

const afterwards = 'the session after the fix';

function describeLeft(changed: readonly string[]): SqlProblem | null {
  if (changed.length === 0) return null;
  return describeProblem({
    path: afterwards,
    // invalid_transaction_state
    sqlstate: '25000',
    message: `The fix has set ${changed.join(', ')} for longer than its transaction.`,
    advice:
      'Write set local, or set_config(name, value, true): behind a pooler the next to use the connection would find it so.',
  });
}

const notLoaded: Skipped = { outcome: 'skipped', reason: 'nothing was loaded by before' };
const notToBeRefused: Skipped = { outcome: 'skipped', reason: 'the fix must repair this database' };
