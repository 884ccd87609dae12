/** Takes a report and gives numbers summed over its databases, for the tables that speak of all of them at once. */
import type {
  AccessResult,
  CheckComparison,
  ExcusedValues,
  LockHeld,
  Report,
  SubjectResult,
} from '../model.js';

/** Databases on which the fix is to be applied, not refused: the ones that checks speak of. */
export function appliedSubjects(report: Report): SubjectResult[] {
  return report.subjects.filter(({ refusal }) => refusal.outcome === 'skipped');
}

/** Whether somebody's own database, rehearsed, was another than the fix is for. */
export function foundNoTable({ subjects }: Pick<Report, 'subjects'>): boolean {
  return subjects.some(
    ({ loading, apply }) =>
      loading.outcome !== 'skipped' && apply.outcome !== 'skipped' && apply.foundNoTable === true,
  );
}

export interface PreservedTotal {
  readonly name: string;
  readonly before: number;
  /** In place, moved, merged or quarantined. */
  readonly found: number;
  readonly inPlace: number;
  readonly moved: number;
  readonly merged: number;
  readonly quarantined: number;
  readonly appeared: number;
  readonly excused: readonly ExcusedValues[];
}

/** By kind of row, in the order of the manifest. */
export function preservedTotals(report: Pick<Report, 'subjects'>): PreservedTotal[] {
  const totals = new Map<string, PreservedTotal>();
  for (const { preservation } of report.subjects) {
    if (preservation.outcome === 'skipped') continue;
    for (const kind of preservation.kinds) {
      const sum = totals.get(kind.name);
      totals.set(kind.name, {
        name: kind.name,
        before: (sum?.before ?? 0) + kind.before,
        found: (sum?.found ?? 0) + kind.before - kind.lost,
        inPlace: (sum?.inPlace ?? 0) + kind.inPlace,
        moved: (sum?.moved ?? 0) + kind.moved,
        merged: (sum?.merged ?? 0) + kind.merged,
        quarantined: (sum?.quarantined ?? 0) + kind.quarantined,
        appeared: (sum?.appeared ?? 0) + kind.appeared,
        excused: addExcused(sum?.excused ?? [], kind.excused),
      });
    }
  }
  return [...totals.values()];
}

function addExcused(known: readonly ExcusedValues[], more: readonly ExcusedValues[]): ExcusedValues[] {
  const sums = new Map(known.map((one) => [one.fact, one]));
  for (const { fact, normalised, alike, filled, left = 0 } of more) {
    const sum = sums.get(fact);
    sums.set(fact, {
      fact,
      normalised: (sum?.normalised ?? 0) + normalised,
      alike: (sum?.alike ?? 0) + alike,
      filled: (sum?.filled ?? 0) + filled,
      left: (sum?.left ?? 0) + left,
    });
  }
  return [...sums.values()];
}

const accessNumbers = [
  'people',
  'readAsBefore',
  'readAgain',
  'gained',
  'lost',
  'gainedAsDeclared',
  'lostAsDeclared',
] as const;

export type AccessTotals = Pick<AccessResult, (typeof accessNumbers)[number]>;

/** People of two databases are two people. */
export function accessTotals(results: readonly AccessResult[]): AccessTotals {
  const sum = (name: (typeof accessNumbers)[number]) =>
    results.reduce((total, result) => total + result[name], 0);
  return Object.fromEntries(accessNumbers.map((name) => [name, sum(name)])) as unknown as AccessTotals;
}

/** Each lock once, with the longest time that any database saw it held; longest first within a section. */
export function longestLocks(report: Report): LockHeld[] {
  const longest = new Map<string, LockHeld>();
  for (const { apply } of report.subjects) {
    if (apply.outcome === 'skipped') continue;
    for (const lock of apply.locks) {
      const key = JSON.stringify([lock.section, lock.relation, lock.mode]);
      const known = longest.get(key);
      if (known === undefined || known.milliseconds < lock.milliseconds) longest.set(key, lock);
    }
  }
  return [...longest.values()].sort(
    (one, other) => one.section - other.section || other.milliseconds - one.milliseconds,
  );
}

export interface CheckTotal {
  readonly number: number;
  readonly title: string;
  readonly path: string;
  readonly before: Outcomes;
  readonly after: Outcomes;
  /** Where only a part of the fix was applied: it fails only where it failed before, and is not blamed for that. */
  readonly isExcused: boolean;
}

export interface Outcomes {
  readonly passed: number;
  /** Names of the databases on which it failed. */
  readonly failed: readonly string[];
  readonly skipped: number;
}

/** Each check over all databases. */
export function checkTotals(report: Report): CheckTotal[] {
  const subjects = appliedSubjects(report);
  const known = new Map(subjects.flatMap(({ checks }) => checks).map((check) => [check.number, check]));
  return [...known.values()]
    .sort((one, other) => one.number - other.number)
    .map(({ number, title, path }) => ({
      number,
      title,
      path,
      before: outcomes(subjects, number, 'before'),
      after: outcomes(subjects, number, 'after'),
      isExcused: subjects
        .flatMap(({ checks }) =>
          checks.filter((check) => check.number === number && check.after.outcome === 'fail'),
        )
        .every((check) => isExcused(check, report.sections.isWholeFix)),
    }));
}

/** A part of the fix is blamed only for what it broke. */
export function isExcused({ before, after }: CheckComparison, isWholeFix: boolean): boolean {
  return !isWholeFix && before.outcome === 'fail' && after.outcome === 'fail';
}

function outcomes(subjects: readonly SubjectResult[], number: number, when: 'before' | 'after'): Outcomes {
  const found = subjects.map(({ name, checks }) => ({
    name,
    outcome: checks.find((check) => check.number === number)?.[when].outcome ?? 'skipped',
  }));
  return {
    passed: found.filter(({ outcome }) => outcome === 'pass').length,
    failed: found.filter(({ outcome }) => outcome === 'fail').map(({ name }) => name),
    skipped: found.filter(({ outcome }) => outcome === 'skipped').length,
  };
}
