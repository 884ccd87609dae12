/** What was found out on somebody's database → the same without what is in its rows: a report may be read by anybody. */
import { withoutValues } from '../database/without-values.js';
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
  const words = recogniseWords(bundle);
  const withholdIn = <R extends { readonly problem: SqlProblem | null }>(result: R | Skipped): R | Skipped =>
    'problem' in result ? { ...(result as R), problem: withhold(result.problem, words) } : result;
  return {
    ...found,
    problem: withhold(found.problem, words),
    checks: found.checks.map((check) => ({
      ...check,
      before: withholdIn(check.before),
      after: withholdIn(check.after),
    })),
    apply: withholdIn(found.apply),
    scenarios: withholdSteps(found.scenarios, words),
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

export function recogniseFix(bundle: Pick<Bundle, 'prelude' | 'sections'>): IsOfFix {
  const made = new Set(
    filesOf(bundle).flatMap(({ text }) =>
      [...text.matchAll(/\b(?:function|procedure)\s+([\w."]+)\s*\(/gi)].map(([, name = '']) =>
        name.toLowerCase().replaceAll('"', ''),
      ),
    ),
  );
  return (called) =>
    isTool(called) || made.has(called.replace(/\(.*$/s, '').toLowerCase().replaceAll('"', ''));
}

/** Whatever raised it must be the fix's, and whatever called that. */
export function isRaisedByFix(callers: readonly string[], isOfFix: IsOfFix): boolean {
  return callers.length > 0 && callers.every(isOfFix);
}

/** Whether what was raised is told, and if not, why. */
export type Words = (
  callers: readonly string[],
  message: string,
) => 'told' | "which is none of the fix's" | 'which may put into it what is in a row';

/**
 * Whatever raised it must be the fix's, and whatever called that. A function that stays in the database is run by triggers on rows: of
 * what it says only a text of the bundle's files is told.
 */
export function recogniseWords(bundle: Pick<Bundle, 'prelude' | 'sections'>): Words {
  const isOfFix = recogniseFix(bundle);
  const texts = filesOf(bundle).map(({ text }) => text);
  return (callers, message) => {
    if (!isRaisedByFix(callers, isOfFix)) return "which is none of the fix's";
    const literal = `'${message.replaceAll("'", "''")}'`;
    if (callers.every(isTool) || texts.some((text) => text.includes(literal))) return 'told';
    return 'which may put into it what is in a row';
  };
}

/** What is gone when the fix has run. */
const isTool = (called: string) => called === 'inline_code_block' || called.startsWith('schema_fix.');

const filesOf = ({ prelude, sections }: Pick<Bundle, 'prelude' | 'sections'>) => [
  ...prelude,
  ...sections.flatMap(({ file, parts }) => [file, ...parts]),
];

/** What a step got is what it should get, or may be of a row: which error it is can be told. */
function withholdSteps(scenarios: SubjectResult['scenarios'], words: Words): SubjectResult['scenarios'] {
  if (scenarios.outcome === 'skipped') return scenarios;
  const tell = (step: StepResult): StepResult => {
    const problem = withhold(step.problem, words);
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

export function withhold(problem: SqlProblem, words: Words): SqlProblem;
export function withhold(problem: SqlProblem | null, words: Words): SqlProblem | null;
export function withhold(problem: SqlProblem | null, words: Words): SqlProblem | null {
  if (problem === null) return null;
  const own = { ...problem, detail: null, inner: null };
  const { raisedBy, message, sqlstate } = problem;
  if (raisedBy != null) {
    const why = words(raisedBy, message);
    return why === 'told' ? own : { ...own, message: sayWithheld('error', raisedBy[0], why), hint: null };
  }
  // What ran within a function was put together from whatever there is.
  const isQuoting = sqlstate.startsWith('22') || problem.inner != null;
  return isQuoting ? { ...own, message: withoutValues(message), hint: null } : own;
}

/** What a function of the database has to say may be what is in its rows. */
export function sayWithheld(
  what: 'error' | 'notice',
  by: string | undefined,
  why: Exclude<ReturnType<Words>, 'told'>,
): string {
  return `(text withheld: the ${what} is of ${by ?? 'a function'}, ${why})`;
}

/** Who it is and which row is not for everybody who reads a report. */
function withholdPeople(access: SubjectResult['access']): SubjectResult['access'] {
  if (access.outcome === 'skipped') return access;
  return {
    ...access,
    differences: access.differences.map((difference) => ({ ...difference, person: null, row: null })),
  };
}
