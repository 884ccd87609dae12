/** What somebody does about a failure that Postgres knows nothing of: the fix has to be another, or bundle.yml has to say that it is meant. */

import { writeTableName } from '../bundle/table-name.js';
import type { AccessDifference, CheckResult, LostRow, RowDifference, Skipped, StepResult } from '../model.js';
import { givesAnother } from '../stages/preservation/match-rows.js';

/** A sentence for each thing that became of them. */
export function adviseOnLostRows(rows: readonly Pick<LostRow, 'word' | 'columns'>[]): string {
  const words = new Set(rows.map(({ word }) => word));
  const isOtherwise = rows.some(({ columns }) => columns.some((column) => column.includes(givesAnother)));
  return [
    ...(words.has('gone')
      ? [
          'A fix deletes nothing. Leave the row, move it (to), or put it whole into quarantine; where equal rows become one, merge: true (preserve in bundle.yml).',
        ]
      : []),
    ...(words.has('moved without being declared')
      ? [
          'Leave the row where it was, or declare where it may go: to, or quarantine (preserve in bundle.yml).',
        ]
      : []),
    ...(words.has('changed')
      ? [
          'Leave the values as they were, or declare what they may become: normalise, gap, fill, leaves (preserve in bundle.yml).',
        ]
      : []),
    ...(isOtherwise
      ? [
          'What normalise gives must be what the column says now, as Postgres writes it: a time as 2025-03-25 07:17:00+00, in UTC and with its zone where the column has one, a number with all digits of its type, 12.30.',
        ]
      : []),
  ].join(' ');
}

/** Of what no kind of row accounts for. */
export function adviseOnDifferences(differences: readonly RowDifference[]): string {
  const ways = [
    ...declareAll('adds', differences, 'appeared'),
    ...declareAll('drops', differences, 'gone'),
    ...(differences.some(({ key, columns, word }) => key !== null || (columns.length > 0 && !isShape(word)))
      ? ['rows that may be new or other under preserve']
      : []),
  ];
  const declared = ways.length === 0 ? 'declare it' : `declare ${ways.join(', ')}`;
  return `Leave it as it was; where it is meant, ${declared} in bundle.yml.`;
}

const isShape = (word: RowDifference['word']) => word === 'appeared' || word === 'gone';

/** Tables and columns, as the manifest has them: `drops: ["public.notes.body"]`. */
function declareAll(key: 'adds' | 'drops', differences: readonly RowDifference[], word: 'appeared' | 'gone') {
  const names = differences
    .filter((one) => one.word === word && one.key === null)
    .flatMap(({ table, columns }) => {
      const written = writeTableName(table);
      return columns.length === 0 ? [written] : columns.map((column) => `${written}.${column}`);
    });
  return names.length === 0 ? [] : [`${key}: ${listNames(names)}`];
}

/** Everything that has to be declared, so that it is declared at once. */
export function adviseOnObjects(differences: readonly RowDifference[]): string | null {
  if (differences.length === 0) return null;
  const isUnfilled = ({ word }: RowDifference) => word === 'are not what its query answers';
  const named = (some: readonly RowDifference[]) =>
    listNames(
      some.map(({ table }) => table),
      '; a * stands for any characters',
    );
  const unfilled = differences.filter(isUnfilled);
  const gone = differences.filter(({ word }) => word === 'gone');
  const changed = differences.filter((one) => !isUnfilled(one) && !gone.includes(one));
  const ways = [
    ...(gone.length > 0 ? [`drops: ${named(gone)}`] : []),
    ...(changed.length > 0 ? [`changes: ${named(changed)}`] : []),
  ];
  return [
    ...(unfilled.length > 0
      ? [
          `Fill it anew where the fix ends, and only where something was changed that it shows (“refresh materialized view …”); where it is meant, declare it in bundle.yml: changes: ${named(unfilled)}.`,
        ]
      : []),
    ...(ways.length > 0
      ? [`Leave it as it was; where it is meant, declare it in bundle.yml: ${ways.join(', and ')}.`]
      : []),
  ].join(' ');
}

function listNames(all: readonly string[], more = ''): string {
  const names = [...new Set(all)].map((name) => JSON.stringify(name));
  const left = names.length - mostNamed;
  return `[${names.slice(0, mostNamed).join(', ')}${left > 0 ? `, and ${left} more${more}` : ''}]`;
}

const mostNamed = 12;

export const adviceOnUnreadable =
  'Correct the statement, or make what it names; where it names what only some databases have, put it together while it runs (“execute …”).';

/** `setval` is refused: no rollback takes it back. */
export function adviseOnNumbers({ table }: RowDifference): string {
  return `Set the sequence behind the rows once they are there, and only where it stands before them: in a do block, execute “alter sequence … restart with …” (or “alter table … alter column … restart with …”) with the highest value and one more; where it is meant, declare it in bundle.yml: changes: ["${table}"].`;
}

export function adviseOnAccess({
  outcome,
  policies,
}: Pick<AccessDifference, 'outcome' | 'policies'>): string {
  const what = policies.length > 0 ? 'these policies' : 'its policies, privileges and functions';
  const [undo, column] = outcome === 'gained' ? ['Narrow', 'reason'] : ['Widen', 'denied'];
  return `${undo} ${what}; where it is meant, let a rule in access/ say who is to reach the rows (of a view none is needed), and declare why: in the rule's column ${column}, or under access: differences in bundle.yml.`;
}

/** null: its reason says what to do. */
export function adviseOnCheck(before: CheckResult | Skipped, after: CheckResult): string | null {
  if (after.assertions.length === 0)
    return after.reason?.includes('no row')
      ? 'Start from what is expected, and left join what is there.'
      : null;
  if (after.reason !== null || after.assertions.every(({ outcome }) => outcome === 'pass')) return null;
  return before.outcome === 'pass'
    ? 'It passed before the fix, so a section breaks it. Correct that one; where what was found is right, correct the check.'
    : 'Let a section bring about what is expected; where what was found is right, correct the check.';
}

/** null: Postgres said what is wrong. */
export function adviseOnStep({ actor, expected, actual, problem }: StepResult): string | null {
  if (problem !== null) return null;
  if (expected !== 'refused')
    return `Correct what decides it for ${actor} (policies, privileges, functions), the rows that the scenario makes before, or what the step expects.`;
  return actual.startsWith('nothing ')
    ? `Let scenarios/setup.sql or an earlier step make a row that ${actor} would reach if nothing refused it.`
    : `Narrow what lets ${actor} do it (policies, privileges, functions); where they may, correct what the step expects.`;
}

export const adviceOnRerun =
  'Let the section look before it acts (“where … is distinct from …”; at definitions, not names).';
