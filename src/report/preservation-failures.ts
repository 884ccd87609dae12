/** Takes what became of the rows, and gives what failed: rows lost, and what differs without being declared. */
import type { Deed, DifferenceWord, LostRow, PreservationResult, RowDifference } from '../model.js';
import {
  adviceOnUnreadable,
  adviseOnDifferences,
  adviseOnLostRows,
  adviseOnNumbers,
  adviseOnObjects,
} from './advise.js';
import { type Failure, failure } from './failure.js';
import { count, counted } from './words.js';

export function preservationFailures(result: PreservationResult): Failure[] {
  const kinds = result.kinds.filter(({ outcome }) => outcome === 'fail');
  const { quarantine } = result;
  const isQuarantineWrong =
    quarantine !== null && quarantine.expected !== null && quarantine.expected !== quarantine.actual;
  const failures = kinds.map(({ name, before, lost, lostRows }) =>
    failure(`Rows preserved: ${name}`, {
      about: lostRows[0] === undefined ? null : { proof: 'rows', table: lostRows[0].table, policy: null },
      reason: `${count(lost)} of ${count(before)} ${name} ${fateOf(lost, lostRows)}.`,
      advice: lostRows.length === 0 ? null : adviseOnLostRows(lostRows),
      items: [
        ...lostRows.map(
          ({ table, facts, word, columns }) =>
            `${table}: ${facts}${word === 'gone' && columns.length === 0 ? '' : `: ${sayWord(word, columns)}`}`,
        ),
        ...(lost > lostRows.length ? [`… and ${count(lost - lostRows.length)} more`] : []),
      ],
    }),
  );
  failures.push(...undeclaredDifferences(result));
  if (isQuarantineWrong) {
    failures.push(
      failure('Rows preserved: quarantine', {
        mismatches: [
          {
            object: 'quarantined rows',
            expected: count(quarantine.expected),
            actual: count(quarantine.actual),
          },
        ],
        items: quarantine.reasons.map(({ reason, rows }) => `${counted(rows, 'row')}: ${reason}`),
        advice: 'Correct the section that sets rows aside, or what the state says of it (--! Quarantine: N).',
      }),
    );
  }
  if (result.reason !== null || failures.length === 0) {
    failures.unshift(failure('Rows preserved', { reason: result.reason }));
  }
  return failures;
}

function fateOf(lost: number, lostRows: readonly LostRow[]): string {
  const isGone = lostRows.every(({ word }) => word === 'gone');
  if (lost === 1) return isGone ? 'is gone' : 'is not what it was';
  return isGone ? 'are gone' : 'are not what they were';
}

/** What no kind of row accounts for: new rows, tables and columns, and tables that the manifest does not name. */
function undeclaredDifferences({ comparison, kinds }: PreservationResult): Failure[] {
  const told = new Set(
    kinds.flatMap(({ lostRows }) => lostRows.map(({ table, facts, word }) => `${table} ${word} ${facts}`)),
  );
  const others = comparison.differences.filter(
    ({ word, table, key }) => key === null || !told.has(`${table} ${word} ${key}`),
  );
  const isOfNumbers = ({ word }: RowDifference) => word === 'comes to what is taken';
  const numbers = others.filter(isOfNumbers);
  const isUnreadable = ({ word }: RowDifference) => word === 'raises an error';
  const unreadable = others.filter(isUnreadable);
  const objects = others.filter(
    (difference) => isOfAnObject(difference) && !isOfNumbers(difference) && !isUnreadable(difference),
  );
  const rows = others.filter((difference) => !isOfAnObject(difference));
  return [
    ...tellDifferences('Rows preserved: nothing else differs', rows, adviseOnDifferences(rows)),
    ...tellDifferences('Rows preserved: what guards them', objects, adviseOnObjects(objects)),
    ...tellDifferences(
      'Rows preserved: functions that cannot run',
      unreadable,
      adviceOnUnreadable,
      'Postgres cannot read a statement of what the fix made: whoever comes to it gets an error.',
    ),
    ...tellDifferences(
      'Rows preserved: the numbers of the next',
      numbers,
      numbers[0] === undefined ? null : adviseOnNumbers(numbers[0]),
    ),
  ];
}

/** `trigger audit on public.fees`; a table is written without its kind. */
function isOfAnObject({ table, key }: RowDifference): boolean {
  return key === null && /^[a-z][a-z ]* \S/.test(table) && !table.startsWith('a ');
}

function tellDifferences(
  title: string,
  differences: readonly RowDifference[],
  advice: string | null,
  reason = 'The manifest does not say that this may differ.',
): Failure[] {
  if (differences.length === 0) return [];
  const items = differences.map(
    ({ word, table, key, columns }) =>
      `${table}${key === null || key === '' ? '' : `: ${key}`}: ${sayWord(word, columns)}`,
  );
  const first = differences.find((difference) => !isOfAnObject(difference));
  const column = first?.key === null ? first.columns[0] : undefined;
  const about: Deed | null =
    first === undefined
      ? null
      : { proof: 'rows', table: first.table, policy: null, ...(column === undefined ? {} : { column }) };
  return [failure(title, { reason, items, about, advice })];
}

function sayWord(word: DifferenceWord, columns: readonly string[]): string {
  if (columns.length === 0) return word;
  const isOfAnObject = !['gone', 'changed', 'appeared', 'moved without being declared'].includes(word);
  return isOfAnObject ? `${word}: ${columns.join(', ')}` : `${columns.join(', ')} ${word}`;
}
