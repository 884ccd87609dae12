/** What was found out on somebody's database → the same without what is in its rows: a report may be read by anybody. */
import type { Bundle, Skipped, SqlProblem, StepResult, SubjectResult } from '../model.js';

/**
 * Postgres quotes rows in an error's detail, `Key (title)=(Our secret) already exists.`, and values in the message of a data
 * exception; functions of the database put into an error what they like. What the fix itself raises is shown.
 */
export function withholdContent<
  T extends Pick<
    SubjectResult,
    'problem' | 'checks' | 'apply' | 'scenarios' | 'access' | 'rerun' | 'rollback'
  >,
>(found: T, bundle: Pick<Bundle, 'prelude' | 'sections' | 'checks'>): T {
  const isOfFix = recogniseFix(bundle);
  const withholdIn = <R extends { readonly problem: SqlProblem | null }>(result: R | Skipped): R | Skipped =>
    'problem' in result ? { ...(result as R), problem: withhold(result.problem, isOfFix) } : result;
  return {
    ...found,
    problem: withhold(found.problem, isOfFix),
    checks: found.checks.map((check) => ({
      ...check,
      before: withholdIn(check.before),
      after: withholdIn(check.after),
    })),
    apply: withholdIn(found.apply),
    scenarios: withholdSteps(found.scenarios, isOfFix),
    access: withholdPeople(found.access),
    rerun: withholdIn(found.rerun),
    rollback: withholdRollback(found.rollback, withholdIn),
  };
}

function withholdRollback(
  rollback: SubjectResult['rollback'],
  withholdIn: <R extends { readonly problem: SqlProblem | null }>(result: R | Skipped) => R | Skipped,
): SubjectResult['rollback'] {
  if (rollback === undefined || rollback.outcome === 'skipped') return rollback;
  const plain = { ...rollback.plain, ...withholdIn(rollback.plain) };
  return { ...rollback, plain, used: withholdIn(rollback.used) };
}

/** Whether a function is the fix's own, by how Postgres calls it in a context: one that a file of the bundle makes. */
export type IsOfFix = (called: string) => boolean;

export function recogniseFix({ prelude, sections }: Pick<Bundle, 'prelude' | 'sections'>): IsOfFix {
  const files = [...prelude, ...sections.flatMap(({ file, parts }) => [file, ...parts])];
  const made = new Set(
    files.flatMap(({ text }) =>
      [...text.matchAll(/\b(?:function|procedure)\s+([\w."]+)\s*\(/gi)].map(([, name = '']) =>
        name.toLowerCase().replaceAll('"', ''),
      ),
    ),
  );
  return (called) => {
    if (called === 'inline_code_block') return true;
    const name = called.replace(/\(.*$/s, '').toLowerCase().replaceAll('"', '');
    return name.startsWith('schema_fix.') || made.has(name);
  };
}

/** Whatever raised it must be the fix's, and whatever called that. */
export function isRaisedByFix(callers: readonly string[], isOfFix: IsOfFix): boolean {
  return callers.length > 0 && callers.every(isOfFix);
}

/** What a step got is what it should get, or may be of a row: which error it is can be told. */
function withholdSteps(scenarios: SubjectResult['scenarios'], isOfFix: IsOfFix): SubjectResult['scenarios'] {
  if (scenarios.outcome === 'skipped') return scenarios;
  const tell = (step: StepResult): StepResult => {
    const problem = withhold(step.problem, isOfFix);
    if (problem !== null) return { ...step, problem, actual: `${problem.sqlstate} ${problem.message}` };
    if (step.actual.startsWith('value ') && step.actual !== step.expected) {
      return { ...step, actual: step.outcome === 'pass' ? '1 row' : 'another value (withheld)' };
    }
    return { ...step, actual: step.actual.replace(/^([0-9A-Z]{5}) .*$/s, '$1') };
  };
  return {
    ...scenarios,
    scenarios: scenarios.scenarios.map((scenario) => ({ ...scenario, steps: scenario.steps.map(tell) })),
  };
}

export function withhold(problem: SqlProblem, isOfFix: IsOfFix): SqlProblem;
export function withhold(problem: SqlProblem | null, isOfFix: IsOfFix): SqlProblem | null;
export function withhold(problem: SqlProblem | null, isOfFix: IsOfFix): SqlProblem | null {
  if (problem === null) return null;
  const own = { ...problem, detail: null, inner: null };
  const { raisedBy, message, sqlstate } = problem;
  if (raisedBy != null) {
    if (isRaisedByFix(raisedBy, isOfFix)) return own;
    return { ...own, message: sayWithheld('error', raisedBy[0]), hint: null };
  }
  // What ran within a function was put together from whatever there is.
  const isQuoting = sqlstate.startsWith('22') || problem.inner != null;
  return isQuoting ? { ...own, message: message.replace(/"(?:[^"]|"")*"/g, '"…"'), hint: null } : own;
}

/** What a function of the database has to say may be what is in its rows. */
export function sayWithheld(what: 'error' | 'notice', by: string | undefined): string {
  return `(text withheld: the ${what} is of ${by ?? 'a function'}, which is none of the fix's)`;
}

/** Who it is and which row is not for everybody who reads a report. */
function withholdPeople(access: SubjectResult['access']): SubjectResult['access'] {
  if (access.outcome === 'skipped') return access;
  return {
    ...access,
    differences: access.differences.map((difference) => ({ ...difference, person: null, row: null })),
  };
}
