/** Takes what a stage found out and gives what failed in it. */
import type {
  AccessResult,
  ApplyResult,
  ChangesResult,
  CheckComparison,
  CheckResult,
  Deed,
  DifferenceWord,
  LoadingResult,
  LostRow,
  PreflightResult,
  PreservationResult,
  RefusalResult,
  RerunResult,
  RollbackResult,
  RowDifference,
  ScenarioResult,
  SqlProblem,
  StepResult,
  SubjectResult,
  TriedRollback,
} from '../model.js';
import {
  adviceOnRerun,
  adviseOnAccess,
  adviseOnCheck,
  adviseOnDifferences,
  adviseOnLostRows,
  adviseOnNumbers,
  adviseOnObject,
  adviseOnStep,
} from './advise.js';
import { type AskedFirst, type Failure, failure } from './failure.js';
import { sayDifference } from './say-access.js';
import { sayLeftOut } from './say-loading.js';
import { count, counted, listed } from './words.js';

export function outsideFailure(kind: SubjectResult['kind'], problem: SqlProblem): Failure {
  const title = `The database could not be ${kind === 'state' ? 'rehearsed' : 'worked on'}`;
  return failure(title, { problem });
}

export function preflightFailures({ findings }: PreflightResult): Failure[] {
  return findings
    .filter(({ severity }) => severity === 'refusal')
    .map(({ what, remedy }) =>
      failure('Preflight', { reason: [what, remedy].filter((part) => part !== null).join(' ') }),
    );
}

export function loadingFailure({ leftOut }: LoadingResult): Failure {
  return failure('Loading, where nothing may be left out', {
    reason: `${counted(leftOut.length, 'statement')} had to be left out, and strict makes that a failure:`,
    items: leftOut.map(sayLeftOut),
    advice: 'Take out of the files what only the host runs, or leave strict out.',
  });
}

export function refusalFailure(result: RefusalResult): Failure {
  return failure('The fix must refuse this database', {
    mismatches: [{ object: 'refusal', expected: result.expected, actual: result.actual }],
    reason: result.changed.length > 0 ? 'The fix left something changed behind:' : null,
    items: result.changed,
    advice:
      'Let a section refuse it before it changes anything, or correct what the state expects (--! Expect).',
  });
}

export function applyFailure(result: ApplyResult): Failure {
  const section = result.sections.find(({ outcome }) => outcome === 'fail');
  const title = section === undefined ? 'The fix' : `Section ${section.number}: ${section.title}`;
  const reason = result.attempts > 1 ? `Given up after ${counted(result.attempts, 'attempt')}.` : null;
  const { problem } = result;
  if (result.isRefusal && problem !== null)
    return failure(title, { path: problem.path, line: problem.line, asked: readAsked(problem), reason });
  return failure(title, { problem, reason });
}

/** `2 to be decided first: this; or that (name); another (other)` → what, and each; any other sentence is one decision. */
function readAsked({ message, detail, hint }: SqlProblem): AskedFirst {
  const [, what = '', list = ''] = /^([^:;]{1,80}): (.*)$/s.exec(message) ?? [];
  const decisions = list.split(list.endsWith(')') ? /(?<= \((?:[^()]|\([^()]*\))+\)); / : '; ');
  const how = [detail, hint].filter((part) => part !== null).join(' ');
  return {
    ...(decisions.length > 1 ? { what, decisions } : { what: '', decisions: [message] }),
    how: how === '' ? null : how,
  };
}

export function checkFailure(check: CheckComparison, after: CheckResult): Failure {
  return failure(`Check ${check.number}: ${check.title}`, {
    path: check.path,
    problem: after.problem,
    reason: after.reason,
    mismatches: after.assertions
      .filter(({ outcome }) => outcome === 'fail')
      .map(({ object, expected, actual }) => ({ object, expected, actual })),
    advice: adviseOnCheck(check.before, after),
  });
}

export function scenarioFailures({ number, title, path, steps, reason }: ScenarioResult): Failure[] {
  const name = `Scenario ${number}: ${title}`;
  const failed = steps
    .filter((step) => step.outcome === 'fail')
    .map((result) => stepFailure(name, path, result));
  return reason === null && failed.length > 0 ? failed : [failure(name, { path, reason }), ...failed];
}

function stepFailure(scenarioName: string, path: string, result: StepResult): Failure {
  const status = result.httpStatus === null ? '' : ` (the data API would answer HTTP ${result.httpStatus})`;
  return failure(scenarioName, {
    path,
    line: result.line,
    problem: result.problem,
    reason: `Step “${result.title}”, as ${result.actor}${status}.`,
    mismatches: [{ object: result.title, expected: result.expected, actual: result.actual }],
    advice: adviseOnStep(result),
  });
}

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

export function accessFailures(result: AccessResult): Failure[] {
  const differences = result.differences
    .filter(({ isDeclared }) => !isDeclared)
    .map((difference) =>
      failure(`Access: ${difference.table}`, {
        about: { proof: 'access', table: difference.table, policy: difference.policies[0] ?? null },
        reason: `${sayDifference(difference)}${sayPolicies(difference.policies)}`,
        advice: adviseOnAccess(difference),
      }),
    );
  return [...result.reasons.map((reason) => failure('Access', { reason: `${reason}.` })), ...differences];
}

function sayPolicies(policies: readonly string[]): string {
  if (policies.length === 0) return '';
  return ` ${policies.length === 1 ? 'The policy is' : 'The policies are'} ${listed(policies)}.`;
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
    ...tellDifferences(
      'Rows preserved: what guards them',
      objects,
      objects[0] === undefined ? null : adviseOnObject(objects[0]),
    ),
    ...tellDifferences(
      'Rows preserved: functions that cannot run',
      unreadable,
      unreadable[0] === undefined ? null : adviseOnObject(unreadable[0]),
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

export function changesFailure({ unplanned }: ChangesResult): Failure {
  return failure('Changes', {
    reason:
      'The fix would do something else than was planned, and so was not kept. Plan again, and have that approved.',
    items: [...unplanned],
  });
}

export function rerunFailure(result: RerunResult): Failure {
  const written = result.rowsWritten > 0 ? ` It wrote ${counted(result.rowsWritten, 'row')}.` : '';
  return failure('Applied again', {
    problem: result.problem,
    reason: result.problem === null ? `A second run must change nothing.${written}` : null,
    advice: result.problem === null ? adviceOnRerun : null,
    items: [
      ...result.changedObjects.map((object) => `changed: ${object}`),
      ...result.changedTables.map((table) => `other rows in ${table}`),
    ],
  });
}

/** What it said that it does and did not do. */
export function rollbackFailures({
  plain,
  used,
  again,
}: Pick<RollbackResult, 'plain' | 'used' | 'again'>): Failure[] {
  const tried = [
    { title: 'Rolled back', result: plain },
    ...('outcome' in used ? [] : [{ title: 'Rolled back after the application was used', result: used }]),
  ];
  const lost = 'outcome' in again || again.passed === again.planned ? null : again;
  return [
    ...tried.flatMap(({ title, result }) => triedFailures(title, result)),
    ...(lost === null || tried.some(({ result }) => result.problem !== null)
      ? []
      : [
          failure('Applied once more after a rollback', {
            reason: `${lost.passed} of ${counted(lost.planned, 'check passes', 'checks pass')} that passed the first time.`,
          }),
        ]),
  ];
}

function triedFailures(
  title: string,
  { problem, refused, differing, rows, since }: TriedRollback,
): Failure[] {
  if (problem !== null) return [failure(title, { problem })];
  const items = [
    ...differing,
    ...(rows.returned < rows.before
      ? [`${rows.before - rows.returned} of ${counted(rows.before, 'row')}`]
      : []),
    ...(since.kept < since.written
      ? [
          `${since.written - since.kept} of ${counted(since.written, 'row')} written since, which it has to keep`,
        ]
      : []),
  ];
  if (refused.length > 0 || items.length === 0) return [];
  return [failure(title, { reason: 'It says that it returned, and this is not what it was before.', items })];
}
