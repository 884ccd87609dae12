/** What the stages found out about one database → whether it passed. */
import type { Bundle, CheckComparison, Skipped, SubjectResult, Verdict } from '../model.js';
import { compareChecks } from './run-checks.js';

type Found = Omit<SubjectResult, 'kind' | 'name' | 'title' | 'outcome' | 'milliseconds'>;

/** A state that must be refused is judged by its refusal alone; any other by every stage. */
export function outcomeOf(found: Found, isWholeFix: boolean): Verdict {
  if (found.problem !== null) return 'fail';
  if (found.refusal.outcome !== 'skipped') return found.refusal.outcome;
  const stages = [found.apply, found.scenarios, found.preservation, found.rerun];
  const areStagesPassed = found.apply.outcome === 'pass' && stages.every(({ outcome }) => outcome !== 'fail');
  const areChecksPassed = found.checks.every((check) => isCheckPassed(check, isWholeFix));
  return areStagesPassed && areChecksPassed ? 'pass' : 'fail';
}

/** A part of the fix is not blamed for what it was not meant to repair, only for what it broke. */
export function isCheckPassed({ before, after }: CheckComparison, isWholeFix: boolean): boolean {
  if (after.outcome === 'pass') return true;
  return !isWholeFix && before.outcome === 'fail' && after.outcome === 'fail';
}

/** Where nothing could be begun, every stage says why. */
export function notStarted(bundle: Bundle, reason: string): Omit<Found, 'problem'> {
  const skipped: Skipped = { outcome: 'skipped', reason };
  return {
    preflight: skipped,
    checks: compareChecks(bundle, skipped, skipped),
    apply: skipped,
    refusal: skipped,
    scenarios: skipped,
    preservation: skipped,
    rerun: skipped,
  };
}
