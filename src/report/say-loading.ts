/** What became of the statements of `before`, in words. */
import { some } from '../counted.js';
import type { LeftOut, LoadingResult, Report } from '../model.js';
import { count, counted } from './words.js';

/** Those that were loaded by `before`. */
export function loadings({ subjects }: Report): LoadingResult[] {
  return subjects.map(({ loading }) => loading).filter((loading) => loading.outcome !== 'skipped');
}

export function sayLoaded({ statements, loaded, rows, leftOut }: LoadingResult): string {
  const withRows = rows > 0 ? ` and ${counted(rows, 'row')}` : '';
  return `${count(loaded)} of ${counted(statements, 'statement')}${withRows}${sayHowMany(leftOut)}`;
}

function sayHowMany(leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return '';
  const met = leftOut.filter(({ meets }) => meets !== null).length;
  return `; ${count(leftOut.length)} left out, of which the fix can meet ${met === 0 ? 'none' : count(met)}`;
}

/** `3 statements left out`; none where all was loaded. */
export function sayLeftOutCount(report: Report): string[] {
  const left = loadings(report).reduce((total, { leftOut }) => total + leftOut.length, 0);
  return left === 0 ? [] : [`${counted(left, 'statement')} left out`];
}

/** Whether somebody should look at it before they decide. */
export function isNoteworthy({ outcome, leftOut, leftAlone = [], misfits = [] }: LoadingResult): boolean {
  return (
    outcome === 'fail' || leftAlone.length + misfits.length > 0 || leftOut.some(({ meets }) => meets !== null)
  );
}

const mostLeftAlone = 5;

export function sayLeftAlone(files: readonly string[]): string {
  return `left alone in its folder: ${some(files, mostLeftAlone)}; what is to be loaded, too, is given for itself`;
}

export function sayLeftOut(leftOut: LeftOut): string {
  const { path, line, statement } = leftOut;
  const met = leftOut.meets === null ? '' : `; ${sayMeeting(leftOut)}`;
  return `${path}:${line}: ${statement}: ${leftOut.reason}${met}`;
}

/** Whether it matters to the fix. */
export function sayMeeting({ meets }: LeftOut): string {
  return meets === null ? 'the fix cannot meet it' : `the fix can meet it: ${meets}`;
}
