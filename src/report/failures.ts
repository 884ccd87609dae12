/** Takes a report and gives what failed; what failed alike on several databases is told once. */
import { groupBy } from '../group-by.js';
import type { Report, SubjectResult } from '../model.js';
import type { Failure } from './failure.js';
import { subjectFailures } from './subject-cases.js';

export interface SharedFailure extends Failure {
  /** Names of the states it happened in, or of the target. */
  readonly subjects: readonly string[];
}

/** All that went wrong with one check, section or scenario. */
export interface FailureGroup {
  readonly title: string;
  readonly subjects: readonly string[];
  /** At least one; more where it failed differently on different databases. */
  readonly variants: readonly SharedFailure[];
}

/** In the order of the databases, and within one in that of its stages. */
export function collectFailures(report: Report): SharedFailure[] {
  const shared = new Map<string, { failure: Failure; subjects: string[] }>();
  for (const subject of failedSubjects(report)) {
    for (const found of subjectFailures(subject, report.sections.isWholeFix)) {
      const failure = withCulprit(found, report);
      const key = JSON.stringify(failure);
      const known = shared.get(key);
      if (known === undefined) shared.set(key, { failure, subjects: [subject.name] });
      else known.subjects.push(subject.name);
    }
  }
  return [...shared.values()].map(({ failure, subjects }) => ({ ...failure, subjects }));
}

/** Where no line of the fix is known the manifest is the place to look: it says what may differ. */
function withCulprit(failure: Failure, { culprits = [] }: Report): Failure {
  const { about, path } = failure;
  if (about === null || path !== null) return failure;
  const found = culprits.find(
    ({ proof, table, policy, column }) =>
      proof === about.proof && table === about.table && policy === about.policy && column === about.column,
  );
  return { ...failure, path: found?.path ?? 'bundle.yml', line: found?.line ?? null };
}

/**
 * The same by what failed, so that one broken check on sixty states does not bury the scenario that failed too. What failed
 * on most databases comes first: it is the cause, if there is one.
 */
export function groupFailures(report: Report): FailureGroup[] {
  return [...groupBy(collectFailures(report), ({ title }) => title)]
    .map(([title, variants]) => ({
      title,
      subjects: [...new Set(variants.flatMap(({ subjects }) => subjects))],
      variants,
    }))
    .sort((one, other) => other.subjects.length - one.subjects.length);
}

/** Nothing broke: the fix asks for decisions, and for nothing else. */
export function isRefused({ variants }: FailureGroup): boolean {
  return variants.every(({ asked }) => asked !== null);
}

export function failedSubjects(report: Report): SubjectResult[] {
  return report.subjects.filter(({ outcome }) => outcome === 'fail');
}
