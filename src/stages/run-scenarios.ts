/** Each scenario of the bundle, step by step, as its actors under row level security → what they got. */
import { actAs, actAsDeployer } from '../database/act-as.js';
import { isDatabaseError } from '../database/database-error.js';
import { proveRowSecurityHolds } from '../database/prove-row-security.js';
import { runFile } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import { SqlError } from '../errors.js';
import type { Bundle, Scenario, ScenarioResult, ScenariosResult, Step, StepResult } from '../model.js';
import { describeExpectation, judgeStep, type StepOutcome } from './judge-step.js';

/** Everything that a scenario wrote is rolled back. */
export async function runScenarios(session: Session, bundle: Bundle): Promise<ScenariosResult> {
  const scenarios: ScenarioResult[] = [];
  for (const scenario of bundle.scenarios) {
    scenarios.push(await withRollback(session, () => runScenario(session, bundle, scenario)));
  }
  return { outcome: scenarios.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'fail', scenarios };
}

async function runScenario(session: Session, bundle: Bundle, scenario: Scenario): Promise<ScenarioResult> {
  const { number, title, file } = scenario;
  const reason = await prepare(session, bundle, scenario);
  const steps: StepResult[] = [];
  for (const step of scenario.steps) {
    const isReached = reason === null && steps.every(({ outcome }) => outcome === 'pass');
    steps.push(isReached ? await runStep(session, bundle, scenario, step) : notReached(step));
  }
  const isPassed = reason === null && steps.every(({ outcome }) => outcome === 'pass');
  return { number, title, path: file.path, outcome: isPassed ? 'pass' : 'fail', steps, reason };
}

/** Returns why the scenario could not be trusted, or null. */
async function prepare(session: Session, bundle: Bundle, scenario: Scenario): Promise<string | null> {
  try {
    for (const { name, claims } of bundle.actors) {
      if (typeof claims.sub !== 'string') continue;
      await session.query('select pg_catalog.set_config($1, $2, true)', [`actor.${name}`, claims.sub]);
    }
    if (bundle.scenarioSetup) await runFile(session, bundle.scenarioSetup);
    const names = new Set(scenario.steps.map(({ actor }) => actor));
    const roles = new Set(bundle.actors.filter(({ name }) => names.has(name)).map(({ role }) => role));
    for (const role of roles) {
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

async function runStep(
  session: Session,
  bundle: Bundle,
  scenario: Scenario,
  step: Step,
): Promise<StepResult> {
  await session.query('savepoint step');
  const outcome = await perform(session, bundle, scenario, step);
  if (outcome.kind === 'error') await session.query('rollback to savepoint step');
  await actAsDeployer(session);
  await session.query("select pg_catalog.set_config('search_path', '', true)");
  if (outcome.kind === 'done' && step.keep !== null) {
    const kept = outcome.firstValue ?? '';
    await session.query('select pg_catalog.set_config($1, $2, true)', [`scenario.${step.keep}`, kept]);
  }
  return {
    title: step.title,
    actor: step.actor,
    line: step.line,
    expected: describeExpectation(step.expectation),
    ...judgeStep(step.expectation, outcome, bundle.actors.find(({ name }) => name === step.actor) ?? null),
  };
}

async function perform(
  session: Session,
  bundle: Bundle,
  scenario: Scenario,
  step: Step,
): Promise<StepOutcome> {
  const actor = bundle.actors.find(({ name }) => name === step.actor);
  try {
    if (actor) await actAs(session, actor);
    const file = { path: scenario.file.path, text: step.sql };
    const result = await runFile(session, file, { firstLine: step.line });
    // A deferred constraint would otherwise speak up only at a commit that never comes.
    await session.query('set constraints all immediate');
    const firstColumn = result?.fields[0]?.name;
    const firstRow = result?.rows[0] as Record<string, string | null> | undefined;
    return {
      kind: 'done',
      returnsRows: (result?.fields.length ?? 0) > 0,
      changesRows: changingCommands.has(result?.command ?? ''),
      count: result?.rowCount ?? null,
      firstValue: (firstColumn !== undefined && firstRow?.[firstColumn]) || null,
    };
  } catch (error: unknown) {
    if (error instanceof SqlError) return { kind: 'error', problem: error.problem };
    throw error;
  }
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
