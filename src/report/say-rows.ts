/** Takes what became of rows and gives the words that tell it. */
import type { ComparisonResult, PreservationResult, Report } from '../model.js';
import { sayObjects } from './say-objects.js';
import { type PreservedTotal, preservedTotals } from './totals.js';
import { count, counted } from './words.js';

export function sayRows(report: Report, results: readonly PreservationResult[]): string {
  const totals = preservedTotals(report);
  const sum = (number: (total: PreservedTotal) => number) =>
    totals.reduce((all, total) => all + number(total), 0);
  const [before, found] = [sum((total) => total.before), sum((total) => total.found)];
  const moved = sum((total) => total.moved);
  const merged = sum((total) => total.merged);
  const quarantined = sum((total) => total.quarantined);
  const rows = `${count(found)} of ${counted(before, 'row')} accounted for`;
  const isKnown = totals.length > 0;
  return [
    ...(isKnown ? [rows + elsewhere({ moved, merged, quarantined })] : []),
    ...(isKnown && differing(results) === 0 ? [] : [sayOthers(results)]),
  ].join('; ');
}

export function detailRows(report: Report, results: readonly PreservationResult[]): string[] {
  return [
    ...preservedTotals(report).map(
      (total) =>
        `${count(total.before)} ${total.name}, ${count(total.found)} accounted for${elsewhere(total)}`,
    ),
    ...preservedTotals(report).flatMap(sayExcused),
    ...sayKeys(results),
    ...quarantined(report),
    sayCompared(results),
    ...sayObjects(report),
  ];
}

/** All that were compared. */
export function countRows(results: readonly PreservationResult[]): number {
  return comparisons(results)(({ rows }) => rows);
}

/** What the manifest lets differ, counted: whoever declared too much reads it here. */
function sayExcused({ name, appeared, excused }: PreservedTotal): string[] {
  const parts = [
    ...(appeared > 0 ? [`${counted(appeared, 'row')} appeared as the manifest lets them`] : []),
    ...excused.flatMap(({ fact, normalised, alike, filled, left = 0 }) => [
      ...(normalised > 0
        ? [`${counted(normalised, 'value')} of ${fact} changed under normalise${sayAlike(alike)}`]
        : []),
      ...(filled > 0 ? [`${counted(filled, 'gap')} of ${fact} filled`] : []),
      ...(left > 0 ? [`${counted(left, 'value')} of ${fact} left behind`] : []),
    ]),
  ];
  return parts.length === 0 ? [] : [`of ${name}, ${parts.join(', ')}`];
}

const sayAlike = (alike: number): string =>
  alike === 0 ? '' : ` (${count(alike)} fewer ${alike === 1 ? 'is' : 'are'} different)`;

/** Keys are told by their table, of which the manifest says nothing else. */
function sayKeys(results: readonly PreservationResult[]): string[] {
  const sums = new Map<string, { followed: number; forgotten: number }>();
  for (const { table, column, followed, forgotten } of results.flatMap(({ comparison }) => comparison.keys)) {
    const sum = sums.get(`${column} of ${table}`);
    sums.set(`${column} of ${table}`, {
      followed: (sum?.followed ?? 0) + followed,
      forgotten: (sum?.forgotten ?? 0) + forgotten,
    });
  }
  return [...sums].map(([name, { followed, forgotten }]) =>
    [
      `of keys in ${name}`,
      ...(followed > 0 ? [`${count(followed)} followed what they point at`] : []),
      ...(forgotten > 0 ? [`${count(forgotten)} forgot what is not there any more`] : []),
    ].join(', '),
  );
}

/** Of a target, whose owner has to look into it. */
function quarantined({ subjects }: Report): string[] {
  return subjects.flatMap(({ kind, preservation }) => {
    if (kind !== 'target' || preservation.outcome === 'skipped') return [];
    const reasons = preservation.quarantine?.reasons ?? [];
    const told = reasons
      .slice(0, 10)
      .map(({ reason, rows }) => `${counted(rows, 'row')} quarantined: ${reason}`);
    return reasons.length > 10 ? [...told, `and ${counted(reasons.length - 10, 'more reason')}`] : told;
  });
}

function comparisons(results: readonly PreservationResult[]) {
  return (number: (result: ComparisonResult) => number) =>
    results.reduce((total, { comparison }) => total + number(comparison), 0);
}

/** What was compared whether or not the manifest speaks of it. */
function sayCompared(results: readonly PreservationResult[]): string {
  const sum = comparisons(results);
  const rows = counted(
    sum((comparison) => comparison.rows),
    'row',
  );
  const unwritten = sum((comparison) => comparison.unwritten);
  const others = unwritten > 0 ? `, and ${counted(unwritten, 'table')} that nothing was written into` : '';
  return `${rows} compared with every column${others}: ${sayOthers(results)}`;
}

export function sayOthers(results: readonly PreservationResult[]): string {
  const number = differing(results);
  return number === 0 ? 'nothing else differs' : counted(number, 'undeclared difference');
}

function differing(results: readonly PreservationResult[]): number {
  return comparisons(results)(({ differences }) => differences.length);
}

/** Where the rows are that are not simply where they were. */
function elsewhere({
  moved,
  merged,
  quarantined,
}: Pick<PreservedTotal, 'moved' | 'merged' | 'quarantined'>): string {
  const parts = [
    ...(moved > 0 ? [`${count(moved)} moved`] : []),
    ...(merged > 0 ? [`${count(merged)} merged`] : []),
    ...(quarantined > 0 ? [`${count(quarantined)} quarantined`] : []),
  ];
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}
