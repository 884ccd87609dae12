/** Each scenario of the bundle, step by step, as its actors under row level security → what they got. */
import { beginAs, endAct, undoAct } from '../database/act-as.js';
import { isDatabaseError } from '../database/database-error.js';
import { locateProblem } from '../database/locate-problem.js';
import { proveRowSecurityHolds } from '../database/prove-row-security.js';
import { restoreDeferral } from '../database/restore-deferral.js';
import { runFile } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import { withSavepointRollback } from '../database/with-transaction.js';
import { SqlError } from '../errors.js';
import type {
  Actor,
  Bundle,
  Scenario,
  ScenarioResult,
  ScenariosResult,
  SqlFile,
  SqlProblem,
  Step,
  StepResult,
} from '../model.js';
import { controlRefusal } from './control-refusal.js';
import { describeExpectation, isSilent, judgeStep, type StepOutcome } from './judge-step.js';

/** Within the open transaction, and undone: the setup once, then each scenario on what the setup left. */
export async function runScenarios(session: Session, bundle: Bundle): Promise<ScenariosResult> {
  const scenarios = await withSavepointRollback(session, async () => {
    const doubt = await prepare(session, bundle);
    const results: ScenarioResult[] = [];
    for (const scenario of bundle.scenarios) {
      // What could not be prepared left the transaction aborted: not even a savepoint can be set.
      results.push(
        doubt === null
          ? await withSavepointRollback(session, () => runScenario(session, bundle, scenario))
          : notRun(scenario, doubt),
      );
    }
    return results;
  });
  return { outcome: scenarios.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'fail', scenarios };
}

/** Returns why no scenario could be trusted, or null. */
async function prepare(session: Session, bundle: Bundle): Promise<string | null> {
  try {
    await restoreDeferral(session);
    const subjects = bundle.actors.filter(({ claims }) => typeof claims.sub === 'string');
    await session.query(
      'select pg_catalog.set_config(name, value, true) from unnest($1::text[], $2::text[]) as s (name, value)',
      [subjects.map(({ name }) => `actor.${name}`), subjects.map(({ claims }) => claims.sub)],
    );
    if (bundle.scenarioSetup) await runFile(session, bundle.scenarioSetup);
    for (const role of new Set(bundle.actors.map((actor) => actor.role))) {
      const doubt = await proveRowSecurityHolds(session, role);
      if (doubt !== null) return doubt;
    }
    return null;
  } catch (error: unknown) {
    if (error instanceof SqlError) {
      const { path, line, message } = error.problem;
      return `the setup failed: ${path}:${line ?? 1}: ${message}`;
    }
    if (isDatabaseError(error)) return `could not be prepared: ${error.message}`;
    throw error;
  }
}

async function runScenario(session: Session, bundle: Bundle, scenario: Scenario): Promise<ScenarioResult> {
  const { number, title, file } = scenario;
  const steps: StepResult[] = [];
  for (const step of scenario.steps) {
    const isReached = steps.every(({ outcome }) => outcome === 'pass');
    steps.push(isReached ? await runStep(session, bundle, scenario, step) : notReached(step));
  }
  const outcome = steps.every((step) => step.outcome === 'pass') ? 'pass' : 'fail';
  return { number, title, path: file.path, outcome, steps, reason: null };
}

function notRun({ number, title, file, steps }: Scenario, reason: string): ScenarioResult {
  return { number, title, path: file.path, outcome: 'fail', steps: steps.map(notReached), reason };
}

async function runStep(
  session: Session,
  bundle: Bundle,
  scenario: Scenario,
  step: Step,
): Promise<StepResult> {
  const actor = bundle.actors.find(({ name }) => name === step.actor) ?? null;
  const file = { path: scenario.file.path, text: step.sql };
  const done = await perform(session, actor, file, step);
  const isDoubtful = step.expectation.kind === 'refused' && isSilent(done);
  const outcome = isDoubtful
    ? { ...done, control: await controlRefusal(session, { actor, file, firstLine: step.line }) }
    : done;
  if (outcome.kind === 'done' && step.keep !== null) {
    const kept = outcome.firstValue ?? '';
    await session.query('select pg_catalog.set_config($1, $2, true)', [`scenario.${step.keep}`, kept]);
  }
  return {
    title: step.title,
    actor: step.actor,
    line: step.line,
    expected: describeExpectation(step.expectation),
    ...judgeStep(step.expectation, outcome, actor),
  };
}

async function perform(
  session: Session,
  actor: Actor | null,
  file: SqlFile,
  step: Step,
): Promise<StepOutcome> {
  await beginAs(session, actor);
  try {
    const result = await runFile(session, file, { firstLine: step.line });
    await endAct(session);
    const firstColumn = result?.fields[0]?.name;
    const firstRow = result?.rows[0] as Record<string, string | null> | undefined;
    return {
      kind: 'done',
      returnsRows: (result?.fields.length ?? 0) > 0,
      changesRows: changingCommands.has(result?.command ?? ''),
      count: result?.rowCount ?? null,
      firstValue: (firstColumn !== undefined && firstRow?.[firstColumn]) || null,
      control: null,
    };
  } catch (error: unknown) {
    const problem = problemOf(error, file);
    if (problem === null) throw error;
    await undoAct(session);
    return { kind: 'error', problem };
  }
}

/** An error that is none of a statement's was raised at the end, by a deferred constraint. */
function problemOf(error: unknown, file: SqlFile): SqlProblem | null {
  if (error instanceof SqlError) return error.problem;
  return isDatabaseError(error) ? locateProblem(error, { file, statement: null }) : null;
}

/** As Postgres names them when they are done. */
const changingCommands = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

function notReached(step: Step): StepResult {
  return {
    title: step.title,
    actor: step.actor,
    line: step.line,
    outcome: 'skipped',
    expected: describeExpectation(step.expectation),
    actual: 'not reached',
    httpStatus: null,
    problem: null,
  };
}
