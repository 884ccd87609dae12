/** The fix applied to somebody's database in one transaction, which is kept only when every proof passed. */
import type { Session } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import type { Bundle, Progress, Skipped, SubjectResult } from '../model.js';
import { applyFix, type FixOptions, type KeepWhen } from './apply-fix.js';
import { isCheckPassed, judgeSubject } from './judge-subject.js';
import { runPreflight } from './preflight.js';
import { compareChecks, runChecks } from './run-checks.js';
import { withholdContent } from './withhold-content.js';

export type DeployOptions = Omit<FixOptions, 'expectedQuarantine' | 'onNotice' | 'onStage'>;

export async function deployTarget(
  session: Session,
  bundle: Bundle,
  { progress, ...options }: DeployOptions & { readonly progress: Progress },
): Promise<SubjectResult> {
  const startedAt = performance.now();
  await limitWaiting(session, options);
  const preflight = await runPreflight(session, bundle);
  const name = preflight.database;
  progress({ kind: 'subject-started', subject: name, title: name });
  progress({ kind: 'stage-started', subject: name, stage: 'checks before' });
  const before = await withRollback(session, () => runChecks(session, bundle));

  const isWholeFix = options.sections.length === bundle.sections.length;
  const keepWhen: KeepWhen = ({ after, preservation, rerun }) =>
    compareChecks(bundle, before, after).every((check) => isCheckPassed(check, isWholeFix)) &&
    preservation.outcome === 'pass' &&
    rerun.outcome === 'pass';
  const fix = await applyFix(session, bundle, {
    ...options,
    expectedQuarantine: null,
    onNotice: (section, text) => progress({ kind: 'notice', subject: name, section, text }),
    onStage: (stage) => progress({ kind: 'stage-started', subject: name, stage }),
    rerunInside: true,
    keepWhen,
  });

  const notOnTarget: Skipped = { outcome: 'skipped', reason: 'run in the rehearsal, not on a target' };
  const found = withholdContent({
    problem: null,
    preflight,
    checks: compareChecks(bundle, before, fix.after),
    apply: fix.apply,
    refusal: notOnTarget,
    scenarios: notOnTarget,
    preservation: fix.preservation,
    rerun: fix.rerun,
  });
  const outcome = fix.isKept ? judgeSubject(found, isWholeFix) : 'fail';
  const milliseconds = performance.now() - startedAt;
  const result: SubjectResult = { kind: 'target', name, title: name, outcome, ...found, milliseconds };
  progress({ kind: 'subject-finished', result });
  return result;
}

/** Also for what is only read: who looks at a table waits for whoever has locked it. */
async function limitWaiting(
  session: Session,
  { lockTimeout, statementTimeout }: Pick<DeployOptions, 'lockTimeout' | 'statementTimeout'>,
): Promise<void> {
  await session.query(
    "select pg_catalog.set_config('lock_timeout', $1, false), pg_catalog.set_config('statement_timeout', $2, false)",
    [String(lockTimeout), String(statementTimeout)],
  );
}
