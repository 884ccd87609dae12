/** What the stages found out about one database → its verdict: the one place where stages become a verdict. */
import type { Bundle, CheckComparison, Skipped, SubjectResult, Verdict } from '../model.js';
import { compareChecks } from './run-checks.js';

export type Unjudged = Omit<SubjectResult, 'kind' | 'name' | 'title' | 'outcome' | 'milliseconds'>;

/**
 * A stage that was skipped has not passed; only scenarios and preservation may be skipped, because a bundle may declare
 * none, and what scenarios set going on a target may not be undone. A state that the fix must refuse is judged by its refusal alone. A
 * rollback that says what is in its way, before it does anything, is told and is no failure.
 */
export function judgeSubject(found: Unjudged, isWholeFix: boolean): Verdict {
  if (found.problem !== null || found.loading.outcome === 'fail') return 'fail';
  if (found.preflight.outcome !== 'pass') return 'fail';
  if (found.refusal.outcome !== 'skipped') return found.refusal.outcome;
  const isPass =
    [found.apply, found.rerun].every(({ outcome }) => outcome === 'pass') &&
    [found.scenarios, found.preservation, found.access, found.changes].every(
      ({ outcome }) => outcome !== 'fail',
    ) &&
    found.rollback?.outcome !== 'fail' &&
    found.checks.length > 0 &&
    found.checks.every((check) => isCheckPassed(check, isWholeFix));
  return isPass ? 'pass' : 'fail';
}

/** A part of the fix is not blamed for what it was not meant to repair, only for what it broke. */
export function isCheckPassed({ before, after }: CheckComparison, isWholeFix: boolean): boolean {
  if (after.outcome === 'pass') return true;
  return !isWholeFix && before.outcome === 'fail' && after.outcome === 'fail';
}

/** Where nothing could be begun, every stage says why. */
export function notStarted(bundle: Bundle, reason: string): Omit<Unjudged, 'problem'> {
  const skipped: Skipped = { outcome: 'skipped', reason };
  return {
    loading: skipped,
    preflight: skipped,
    checks: compareChecks(bundle, skipped, skipped),
    apply: skipped,
    refusal: skipped,
    scenarios: skipped,
    preservation: skipped,
    access: skipped,
    changes: skipped,
    rerun: skipped,
  };
}
