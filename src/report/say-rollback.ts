/** Takes what rollbacks came to and gives the words that tell it. */
import type { Report, RollbackResult, Skipped, SubjectResult, TriedRollback } from '../model.js';
import { inHistory, refusesAgain } from '../stages/history/remarks.js';
import { count, counted, listed } from './words.js';

/** A cell or a part of a line; empty where none was tried. */
export function sayRolledBack({ rollback }: SubjectResult): string {
  if (rollback === undefined || rollback.outcome === 'skipped') return '';
  if (rollback.outcome === 'refused') return 'refused, told why';
  if (rollback.outcome === 'fail') return 'not as before';
  return `same catalog, ${sayRows([rollback.plain])}`;
}

export interface Told extends RollbackResult {
  /** Of the database. */
  readonly name: string;
}

/** Where it was tried, or was to be. */
export function rollbacksOf({ subjects }: Report): (Told | Skipped)[] {
  return subjects.flatMap(({ name, refusal, rollback }): (Told | Skipped)[] => {
    if (rollback === undefined || refusal.outcome !== 'skipped') return [];
    return [rollback.outcome === 'skipped' ? rollback : { name, ...rollback }];
  });
}

export function isAnyTried(report: Report): boolean {
  return rollbacksOf(report).some(({ outcome }) => outcome !== 'skipped');
}

export function sayRollbacks(results: readonly Told[]): string {
  const of = (outcome: RollbackResult['outcome']) => results.filter((told) => told.outcome === outcome);
  const returned = of('pass');
  const where = results.length === 1 ? '' : ` on ${counted(returned.length, 'database')}`;
  return [
    ...(returned.length > 0
      ? [`rolled back: same catalog, ${sayRows(returned.map(({ plain }) => plain))}${where}`]
      : []),
    ...(of('refused').length > 0
      ? [results.length === 1 ? 'refused, and told why' : `${count(of('refused').length)} refused`]
      : []),
    ...(of('fail').length > 0 ? [sayNames('not as before', of('fail'))] : []),
  ].join('; ');
}

function sayNames(what: string, told: readonly Told[]): string {
  return `${what} on ${listed(
    told.map(({ name }) => name),
    3,
  )}`;
}

/** A few are told; the JSON report has them all. */
const most = 8;

export function detailRollbacks(results: readonly Told[]): string[] {
  const people = results.reduce((total, told) => total + told.people, 0);
  const again = results.flatMap((told) => ('outcome' in told.again ? [] : [told.again]));
  const passed = again.reduce((total, one) => total + one.passed, 0);
  const planned = again.reduce((total, one) => total + one.planned, 0);
  const remarks = results.flatMap(sayRemarks);
  const refused = results.filter(({ outcome }) => outcome === 'refused');
  return [
    ...(refused.length > 0 && results.length > 1 ? [sayNames('refused, and told why', refused)] : []),
    ...(people > 0
      ? [`${counted(people, 'person reaches', 'people reach')} what they reached before the fix`]
      : []),
    ...sayUsed(results),
    ...(planned > 0
      ? [`applied once more, ${count(passed)} of ${counted(planned, 'check passes', 'checks pass')}`]
      : []),
    ...remarks.slice(0, most),
    ...(remarks.length > most ? [`… and ${counted(remarks.length - most, 'more remark')}`] : []),
  ];
}

function sayUsed(results: readonly Told[]): string[] {
  const used = results.flatMap((told) => ('outcome' in told.used ? [] : [told.used]));
  if (used.length === 0) return [];
  const refused = used.filter((tried) => tried.refused.length > 0);
  const done = used.filter((tried) => tried.refused.length === 0);
  const written = done.reduce((total, { since }) => total + since.written, 0);
  const kept = done.reduce((total, { since }) => total + since.kept, 0);
  const chosen = [...new Set(done.flatMap((tried) => tried.chosen))].sort().map((option) => {
    const number = done.filter((tried) => tried.chosen.includes(option)).length;
    return used.length === 1 ? `with ${option}` : `${option} on ${counted(number, 'database')}`;
  });
  return [
    `after the application was used: ${sayRows(done)}, ${count(kept)} of ${counted(written, 'row')} written since kept${chosen.length === 0 ? '' : ` (${chosen.join(', ')})`}${refused.length === 0 ? '' : `; refused on ${counted(refused.length, 'database')}`}`,
  ];
}

function sayRemarks({ name, plain, used }: Told): string[] {
  const afterUse = 'outcome' in used ? [] : used.refused;
  const again = 'outcome' in used ? [] : used.kept.filter((what) => what.startsWith(refusesAgain));
  return [
    ...plain.refused.map((what) => `${name}: in the way ${what}`),
    // What the deployment itself had filled in is nobody's loss.
    ...plain.kept.filter((what) => !what.endsWith(inHistory)).map((what) => `${name}: ${what}`),
    ...again.map((what) => `${name}: ${what}`),
    ...(plain.refused.length > 0 ? [] : afterUse.map((what) => `${name}, after use: in the way ${what}`)),
  ];
}

function sayRows(tried: readonly TriedRollback[]): string {
  const sum = (number: (rows: TriedRollback['rows']) => number) =>
    tried.reduce((total, { rows }) => total + number(rows), 0);
  return `${count(sum(({ returned }) => returned))} of ${counted(
    sum(({ before }) => before),
    'row',
  )}`;
}
