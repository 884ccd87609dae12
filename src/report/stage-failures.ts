/** Takes what a stage found out and gives what failed in it. */
import type {
  AccessResult,
  ApplyResult,
  ChangesResult,
  CheckComparison,
  CheckResult,
  LoadingResult,
  PreflightResult,
  RefusalResult,
  ScenarioResult,
  SqlProblem,
  StepResult,
  SubjectResult,
} from '../model.js';
import { adviseOnAccess, adviseOnCheck, adviseOnStep } from './advise.js';
import { type AskedFirst, type Failure, failure } from './failure.js';
import { nameIdle, sayDifference } from './say-access.js';
import { sayLeftOut } from './say-loading.js';
import { counted, listed } from './words.js';

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

export function accessFailures(result: AccessResult): Failure[] {
  const differences = result.differences
    .filter(({ isDeclared }) => !isDeclared)
    .map((difference) =>
      failure(`Access: ${difference.table}`, {
        about: { proof: 'access', table: difference.table, policy: difference.policies[0] ?? null },
        reason: `${sayDifference(difference)}${sayPolicies(difference.policies)}`,
        items: idleOf(result, difference.table),
        advice: adviseOnAccess(difference),
      }),
    );
  const reasons = result.reasons.map((reason) =>
    failure('Access', { reason: `${reason}.`, items: idleOf(result, reason) }),
  );
  return [...reasons, ...differences];
}

/** Whoever declared it takes it for what lets this pass; `told` names the table. */
function idleOf({ idle = [] }: AccessResult, told: string): string[] {
  return idle
    .filter(({ table }) => told.includes(table))
    .map((one) => `nothing falls under what access.differences declares: ${nameIdle(one)}`);
}

function sayPolicies(policies: readonly string[]): string {
  if (policies.length === 0) return '';
  return ` ${policies.length === 1 ? 'The policy is' : 'The policies are'} ${listed(policies)}.`;
}

export function changesFailure({ unplanned }: ChangesResult): Failure {
  return failure('Changes', {
    reason:
      'The fix would do something else than was planned, and so was not kept. Plan again, and have that approved.',
    items: [...unplanned],
  });
}
