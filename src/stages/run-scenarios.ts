/** Each scenario of the bundle, step by step, as its actors under row level security → what they got. */
import { adviceFor } from '../database/advice.js';
import { isDatabaseError, isRefused } from '../database/database-error.js';
import { proveRowSecurityHolds } from '../database/prove-row-security.js';
import { restoreDeferral } from '../database/restore-deferral.js';
import { type Part, runFile } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import { withSavepoint, withSavepointRollback } from '../database/with-transaction.js';
import type {
  Bundle,
  Scenario,
  ScenarioResult,
  ScenariosResult,
  SqlProblem,
  Step,
  StepResult,
} from '../model.js';
import { findChangedRules } from './keep-the-rules.js';
import { notReached, runStep } from './run-step.js';
import { sayProblem } from './say-problem.js';
import { chainOf, type Taken, takeSteps } from './take-steps.js';

/**
 * Within the open transaction, and undone: the setup once, then each scenario on what the setup left. `tell` may withhold what
 * a problem says.
 */
export async function runScenarios(
  session: Session,
  bundle: Bundle,
  tell: (problem: SqlProblem) => SqlProblem = (problem) => problem,
): Promise<ScenariosResult> {
  const scenarios = await withSavepointRollback(session, async () => {
    const doubt = await prepareScenarios(session, bundle, tell);
    // What could not be prepared left the transaction aborted: not even a savepoint can be set.
    if (doubt !== null) return bundle.scenarios.map((scenario) => notRun(scenario, doubt));
    await session.query('savepoint scenario');
    const results: ScenarioResult[] = [];
    for (const scenario of bundle.scenarios) results.push(await runScenario(session, bundle, scenario));
    return results;
  });
  return { outcome: scenarios.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'fail', scenarios };
}

/** The setup, kept. Returns why no scenario could be trusted, or null. */
export async function prepareScenarios(
  session: Session,
  bundle: Bundle,
  tell: (problem: SqlProblem) => SqlProblem = (problem) => problem,
): Promise<string | null> {
  try {
    await restoreDeferral(session);
    const subjects = bundle.actors.filter(({ subject }) => subject !== null);
    await session.query(
      'select pg_catalog.set_config(name, value, true) from unnest($1::text[], $2::text[]) as s (name, value)',
      [subjects.map(({ name }) => `actor.${name}`), subjects.map(({ subject }) => subject)],
    );
    const setup = bundle.scenarioSetup;
    const changed = setup
      ? await findChangedRules(session, () => withSavepoint(session, () => runFile(session, setup)))
      : [];
    if (changed.length > 0) {
      return `${setup?.path} changes rules that the scenarios are to try: ${changed.slice(0, 5).join(', ')}. It may make rows, and put constraints and triggers aside`;
    }
    for (const role of new Set(bundle.actors.map((actor) => actor.role))) {
      const doubt = await proveRowSecurityHolds(session, role);
      if (doubt !== null) return doubt;
    }
    return null;
  } catch (error: unknown) {
    if (isRefused(error)) {
      return `the setup failed: ${sayProblem(tell(error.problem))}`;
    }
    if (isDatabaseError(error)) {
      const advice = adviceFor(error.code ?? '', error.message);
      return [`could not be prepared: ${error.message}`, advice].filter(Boolean).join('. ');
    }
    throw error;
  }
}

/** What those before it did goes as its first step begins, and so do plans that name what they made: the server would go by them. */
async function runScenario(session: Session, bundle: Bundle, scenario: Scenario): Promise<ScenarioResult> {
  const { number, title, file } = scenario;
  const steps: StepResult[] = [];
  let hasLooked = false;
  let ahead: readonly Part[] = ['rollback to savepoint scenario; discard plans'];
  let chain: ReadonlyMap<Step, Taken> = new Map();
  for (const [index, step] of scenario.steps.entries()) {
    if (!steps.every(({ outcome }) => outcome === 'pass')) {
      steps.push(notReached(step));
      continue;
    }
    if (!chain.has(step)) {
      const together = chainOf(scenario.steps.slice(index));
      chain = await takeSteps(session, bundle, { path: file.path, steps: together, ahead });
    }
    const taken = chain.get(step) as Taken;
    const { result, hasFound, keeping } = await runStep(session, bundle, { file, step, taken, hasLooked });
    steps.push(result);
    ahead = keeping;
    hasLooked ||= hasFound;
  }
  const areAllPass = steps.every((step) => step.outcome === 'pass');
  const reason = areAllPass && !hasLooked ? lookedAtNothing : null;
  return {
    number,
    title,
    path: file.path,
    outcome: areAllPass && reason === null ? 'pass' : 'fail',
    steps,
    reason,
  };
}

/** Where every step is right because nothing is there. */
const lookedAtNothing =
  'no step found or changed a row, or was refused one that is there, so it looked at nothing. Let somebody do what the others may not.';

function notRun({ number, title, file, steps }: Scenario, reason: string): ScenarioResult {
  return { number, title, path: file.path, outcome: 'fail', steps: steps.map(notReached), reason };
}
