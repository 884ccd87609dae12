/** Takes one database's results and gives the things that could have failed, in the order of the stages. */
import type { CheckComparison, Skipped, SubjectResult, Verdict } from '../model.js';
import { type Failure, failure } from './failure.js';
import { preservationFailures } from './preservation-failures.js';
import { rerunFailure, rollbackFailures } from './return-failures.js';
import {
  accessFailures,
  applyFailure,
  changesFailure,
  checkFailure,
  loadingFailure,
  outsideFailure,
  preflightFailures,
  refusalFailure,
  scenarioFailures,
} from './stage-failures.js';
import { isExcused } from './totals.js';

export interface Case {
  readonly title: string;
  readonly path: string | null;
  readonly outcome: Verdict | 'skipped';
  /** Why it was skipped. */
  readonly reason: string | null;
  readonly failures: readonly Failure[];
  readonly milliseconds: number | null;
}

/** The cases of a database whose verdict is fail hold at least one failure. */
export function subjectCases(subject: SubjectResult, isWholeFix: boolean): Case[] {
  const cases =
    subject.refusal.outcome === 'skipped' ? stageCases(subject, isWholeFix) : refusalCases(subject);
  const back = rollbackCases(subject);
  const isExplained =
    subject.outcome === 'pass' || [...cases, ...back].some(({ outcome }) => outcome === 'fail');
  return [...(isExplained ? cases : explained(cases)), ...back];
}

export function subjectFailures(subject: SubjectResult, isWholeFix: boolean): Failure[] {
  return subjectCases(subject, isWholeFix).flatMap(({ failures }) => failures);
}

function refusalCases({ problem, kind, refusal }: SubjectResult): Case[] {
  return [
    ...(problem === null ? [] : [failed(outsideFailure(kind, problem))]),
    toCase('Refused', refusal, (result) => [refusalFailure(result)]),
  ];
}

function stageCases(subject: SubjectResult, isWholeFix: boolean): Case[] {
  const {
    problem,
    kind,
    loading,
    preflight,
    apply,
    checks,
    scenarios,
    preservation,
    access,
    changes,
    rerun,
  } = subject;
  return [
    ...(problem === null ? [] : [failed(outsideFailure(kind, problem))]),
    ...(problem === null && loading.outcome === 'fail' ? [failed(loadingFailure(loading))] : []),
    ...(preflight.outcome === 'fail' ? [toCase('Preflight', preflight, preflightFailures)] : []),
    {
      ...toCase('The fix', apply, (result) => [applyFailure(result)]),
      milliseconds: apply.outcome === 'skipped' ? null : apply.milliseconds,
    },
    ...checks.map((check) => checkCase(check, isWholeFix)),
    ...(scenarios.outcome === 'skipped'
      ? [toCase('Scenarios', scenarios, () => [])]
      : scenarios.scenarios.map((scenario) => ({
          ...toCase(`Scenario ${scenario.number}: ${scenario.title}`, scenario, scenarioFailures),
          path: scenario.path,
        }))),
    toCase('Rows preserved', preservation, preservationFailures),
    toCase('Access', access, accessFailures),
    ...(changes.outcome === 'fail' ? [toCase('Changes', changes, (result) => [changesFailure(result)])] : []),
    toCase('Applied again', rerun, (result) => [rerunFailure(result)]),
  ];
}

/** One that was not to be tried is no case. */
function rollbackCases({ refusal, rollback }: SubjectResult): Case[] {
  if (rollback === undefined || rollback.outcome === 'skipped' || refusal.outcome !== 'skipped') return [];
  const title = 'Rolled back';
  if (rollback.outcome === 'refused')
    return [toCase(title, { outcome: 'skipped', reason: rollback.plain.refused.join('; ') }, () => [])];
  return [toCase(title, { ...rollback, outcome: rollback.outcome }, rollbackFailures)];
}

function checkCase(check: CheckComparison, isWholeFix: boolean): Case {
  const after = isExcused(check, isWholeFix) ? unrepaired : check.after;
  const title = `Check ${check.number}: ${check.title}`;
  return { ...toCase(title, after, (result) => [checkFailure(check, result)]), path: check.path };
}

const unrepaired: Skipped = {
  outcome: 'skipped',
  reason: 'It failed before too, and the chosen sections are not all of the fix.',
};

function toCase<Result extends { readonly outcome: Verdict }>(
  title: string,
  result: Result | Skipped,
  failuresOf: (failed: Result) => Failure[],
): Case {
  const outline = { title, path: null, milliseconds: null };
  if (isSkipped(result)) return { ...outline, outcome: 'skipped', reason: result.reason, failures: [] };
  const failures = result.outcome === 'fail' ? failuresOf(result) : [];
  return { ...outline, outcome: result.outcome, reason: null, failures };
}

function failed(problem: Failure): Case {
  const { title, path } = problem;
  return { title, path, outcome: 'fail', reason: null, failures: [problem], milliseconds: null };
}

/** Nothing failed, yet the verdict is fail: something that had to run did not. */
function explained(cases: readonly Case[]): Case[] {
  const skipped = cases.filter(({ outcome }) => outcome === 'skipped');
  if (skipped.length === 0)
    return [...cases, failed(failure('Checks', { reason: 'There was no check to run.' }))];
  return cases.map((one) =>
    one.outcome === 'skipped'
      ? { ...one, failures: [failure(one.title, { path: one.path, reason: `Not run: ${one.reason}` })] }
      : one,
  );
}

function isSkipped(result: { readonly outcome: Verdict } | Skipped): result is Skipped {
  return result.outcome === 'skipped';
}
