/** What became of the statements of `before`, in words. */
import type { LeftOut, LoadingResult, Report } from '../model.js';
import { count, counted } from './words.js';

/** Those that were loaded by `before`. */
export function loadings({ subjects }: Report): LoadingResult[] {
  return subjects.map(({ loading }) => loading).filter((loading) => loading.outcome !== 'skipped');
}

export function sayLoaded({ statements, loaded, rows, leftOut }: LoadingResult): string {
  const withRows = rows > 0 ? ` and ${counted(rows, 'row')}` : '';
  const without = leftOut.length > 0 ? `; ${count(leftOut.length)} left out` : '';
  return `${count(loaded)} of ${counted(statements, 'statement')}${withRows}${without}`;
}

export function sayLeftOut(leftOut: LeftOut): string {
  const { path, line, statement } = leftOut;
  return `left out: ${statement} (${path}:${line}): ${leftOut.reason}; ${sayMeeting(leftOut)}`;
}

/** Whether it matters to the fix. */
export function sayMeeting({ meets }: LeftOut): string {
  return meets === null ? 'the fix cannot meet it' : `the fix can meet it: ${meets}`;
}
