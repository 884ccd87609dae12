/** The scenarios, on a database where they can be tried, or why they were not. */
import { isPassingState } from '../database/database-error.js';
import type { Session } from '../database/with-session.js';
import type { Bundle, ScenariosResult, Skipped, SqlProblem } from '../model.js';
import { findCallsOut } from './find-calls-out.js';
import type { FixOptions } from './fix-options.js';
import { findLargeTables } from './large-tables.js';
import { runScenarios } from './run-scenarios.js';
import { recogniseWords, withhold } from './withhold-content.js';

/** Where nothing was found out, and another try may succeed. */
export function findInterrupted(scenarios: ScenariosResult | Skipped): SqlProblem | null {
  if (scenarios.outcome !== 'fail') return null;
  const failed = scenarios.scenarios
    .flatMap(({ steps }) => steps)
    .filter(({ outcome }) => outcome === 'fail');
  const problems = failed.flatMap(({ problem }) => problem ?? []);
  return problems.find(({ sqlstate }) => isPassingState(sqlstate)) ?? null;
}

/** Why scenarios are not for this target, or null. */
async function findObstacle(session: Session, bundle: Bundle): Promise<string | null> {
  const callsOut = await findCallsOut(session, bundle);
  if (callsOut !== null) return `what they set going could not be undone: ${callsOut}`;
  // Somebody tries to change all that there is, and it is seen that there was something to refuse.
  const [large] = await findLargeTables(session, bundle.tables);
  return large === undefined
    ? null
    : `${large} is too large for all of its rows to be tried while others wait`;
}

export async function tryScenarios(
  session: Session,
  bundle: Bundle,
  { place, sections, onStage }: FixOptions,
): Promise<ScenariosResult | Skipped> {
  if (sections.length < bundle.sections.length) {
    return { outcome: 'skipped', reason: 'only a part of the fix was applied' };
  }
  const obstacle = place === 'target' ? await findObstacle(session, bundle) : null;
  if (obstacle !== null) {
    return { outcome: 'skipped', reason: `not run on this database, because ${obstacle}` };
  }
  onStage('scenarios');
  if (place !== 'target') return runScenarios(session, bundle);
  const words = recogniseWords(bundle);
  return runScenarios(session, bundle, (problem) => withhold(problem, words));
}
