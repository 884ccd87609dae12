/** How a check fared over several databases, in the words that comment and console share. */
import type { CheckTotal, Outcomes } from './totals.js';
import { count } from './words.js';

export type CheckVerdict = 'PASS' | 'FAIL' | 'NOT RUN' | 'UNREPAIRED';

/** A check that was not run on every database has not passed. */
export function checkVerdict({ after, isExcused }: CheckTotal): CheckVerdict {
  if (after.failed.length > 0) return isExcused ? 'UNREPAIRED' : 'FAIL';
  return after.skipped > 0 || after.passed === 0 ? 'NOT RUN' : 'PASS';
}

export function sayBefore(before: Outcomes): string {
  return say(before, { fail: 'failed', pass: 'passed' });
}

export function sayAfter(after: Outcomes): string {
  return say(after, { fail: 'fails', pass: 'passes' });
}

/** `failed on 9 of 12`, `passes on 12 of 12`, `not run`; on a single database just `fails`. */
function say({ passed, failed, skipped }: Outcomes, words: { fail: string; pass: string }): string {
  const all = passed + failed.length + skipped;
  if (skipped === all) return 'not run';
  const [word, databases] = failed.length > 0 ? [words.fail, failed.length] : [words.pass, passed];
  return all === 1 ? word : `${word} on ${count(databases)} of ${count(all)}`;
}
