/** How a check fared over several databases, in the words that comment and console share. */
import type { CheckTotal, Outcomes } from './totals.js';
import { count } from './words.js';

export type CheckVerdict = 'PASS' | 'FAIL' | 'NOT RUN' | 'UNREPAIRED';

/** A check that was not run on every database has not passed. */
export function checkVerdict({ after, isExcused }: CheckTotal): CheckVerdict {
  if (after.failed.length > 0) return isExcused ? 'UNREPAIRED' : 'FAIL';
  return after.skipped > 0 || after.passed === 0 ? 'NOT RUN' : 'PASS';
}

/** On how many databases it passes: `8 → 88 of 88`, `8 of 88 → not run`; on a single one `fails → passes`. */
export function sayChange({ before, after }: Pick<CheckTotal, 'before' | 'after'>): string {
  const all = total(after);
  if (all === 1) return `${word(before)} → ${word(after)}`;
  if (after.skipped === all) return `${passes(before)} → not run`;
  const left = after.skipped > 0 ? `, not run on ${count(after.skipped)}` : '';
  const begins = before.skipped === all ? 'not run' : count(before.passed);
  return `${begins} → ${passes(after)}${left}`;
}

function passes(outcomes: Outcomes): string {
  if (outcomes.skipped === total(outcomes)) return 'not run';
  return `${count(outcomes.passed)} of ${count(total(outcomes))}`;
}

function word({ passed, failed }: Outcomes): string {
  if (failed.length > 0) return 'fails';
  return passed > 0 ? 'passes' : 'not run';
}

function total({ passed, failed, skipped }: Outcomes): number {
  return passed + failed.length + skipped;
}
