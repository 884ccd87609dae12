/** A database with the platform in it and nothing else → the checks and scenarios that pass there too: they look at nothing. */
import { quoteIdentifier } from '../database/quote.js';
import type { ThrowawayDatabases } from '../database/throwaway-databases.js';
import { sessionSettings, withSession } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import type { Bundle, ControlsResult, Verdict } from '../model.js';
import { runChecks } from './run-checks.js';
import { runScenarios } from './run-scenarios.js';
import { setSettings } from './set-settings.js';

/** Without the scenarios' setup, which would fail there before they could pass. */
export async function controlBundle(databases: ThrowawayDatabases, bundle: Bundle): Promise<ControlsResult> {
  const { platform, deployer } = bundle;
  return databases.withDatabase({ platform, owner: deployer }, (connection) =>
    withSession(connection, async (session) => {
      if (deployer !== null) {
        await session.query(`set session authorization ${quoteIdentifier(deployer)}; ${sessionSettings}`);
      }
      return withRollback(session, async () => {
        await setSettings(session, bundle);
        const checks = await runChecks(session, bundle);
        const { scenarios } = await runScenarios(session, { ...bundle, scenarioSetup: null });
        const results = [
          ...bundle.checks.map((check, index) => ({ ...check, ...checks[index], noun: 'Check' })),
          ...scenarios.map((scenario) => ({ ...scenario, noun: 'Scenario' })),
        ];
        return {
          planned: bundle.checks.length + bundle.scenarios.length,
          executed: checks.length + scenarios.length,
          blind: results.filter(passes).map(({ noun, number, title }) => `${noun} ${number}: ${title}`),
        };
      });
    }),
  );
}

const passes = ({ outcome }: { readonly outcome?: Verdict }) => outcome === 'pass';
