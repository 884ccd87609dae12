/** A database with the platform in it and nothing else → the checks and scenarios that pass there too: they look at nothing. */
import { isLostConnection } from '../database/database-error.js';
import type { ThrowawayDatabases } from '../database/throwaway-databases.js';
import { withDeployer } from '../database/with-deployer.js';
import type { Session } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import { SqlError } from '../errors.js';
import type { Bundle, ControlsResult, Verdict } from '../model.js';
import { type Limits, limitWaiting } from './limit-waiting.js';
import { runChecks } from './run-checks.js';
import { runScenarios } from './run-scenarios.js';
import { setSettings } from './set-settings.js';

/** Without the scenarios' setup, which would fail there before they could pass. */
export async function controlBundle(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  limits: Limits,
): Promise<ControlsResult> {
  const planned = bundle.checks.length + bundle.scenarios.length;
  const login = await databases.loginOf(bundle.deployer);
  try {
    return await databases.withDatabase(
      { platform: bundle.platform, owner: login.role },
      async (connection) => {
        const roles = bundle.actors.map(({ role }) => role);
        await databases.letBecome(login, roles);
        return withDeployer(connection, login, (session) => control(session, bundle, { planned, limits }));
      },
    );
  } catch (error: unknown) {
    // A deployer who is a superuser: each state says so.
    if (!(error instanceof SqlError)) throw error;
    const nothing = { planned, executed: 0, blind: [] };
    if (!isLostConnection(error.cause)) return nothing;
    const { path, line, sqlstate, message } = error.problem;
    return { ...nothing, endedBy: `${path}${line === null ? '' : `:${line}`} (${sqlstate} ${message})` };
  }
}

function control(
  session: Session,
  bundle: Bundle,
  { planned, limits }: { readonly planned: number; readonly limits: Limits },
): Promise<ControlsResult> {
  return withRollback(session, async () => {
    await limitWaiting(session, limits);
    await setSettings(session, bundle);
    const checks = await runChecks(session, bundle);
    const { scenarios } = await runScenarios(session, { ...bundle, scenarioSetup: null });
    const results = [
      ...bundle.checks.map((check, index) => ({ ...check, ...checks[index], noun: 'Check' })),
      ...scenarios.map((scenario) => ({ ...scenario, noun: 'Scenario' })),
    ];
    return {
      planned,
      executed: checks.length + scenarios.length,
      blind: results.filter(passes).map(({ noun, number, title }) => `${noun} ${number}: ${title}`),
    };
  });
}

const passes = ({ outcome }: { readonly outcome?: Verdict }) => outcome === 'pass';
