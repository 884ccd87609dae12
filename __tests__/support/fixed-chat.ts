/** The chat fix applied to one broken database, and copies of it for what somebody then breaks. */
import { withSettingsOf } from '../../src/bundle/choose-settings.js';
import { chooseStates } from '../../src/bundle/choose-states.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { withRollback, withTransaction } from '../../src/database/with-transaction.js';
import type { Bundle, CheckResult, ScenarioResult, State } from '../../src/model.js';
import { runChecks } from '../../src/stages/run-checks.js';
import { runScenarios } from '../../src/stages/run-scenarios.js';
import { applyBundle } from './apply-bundle.js';
import { withKeptState } from './built-state.js';
import { loadChatBundle } from './chat-bundle.js';
import { countWaits } from './count-waits.js';
import { useHeld, withPlatformDatabases, withTestDatabase } from './server.js';

/** In the order of the bundle. */
interface Findings {
  readonly checks: readonly CheckResult[];
  readonly scenarios: readonly ScenarioResult[];
  /** For how many answers the scenarios waited. */
  readonly waits: number;
}

export interface FixedChat {
  readonly bundle: Bundle;
  readonly before: Findings;
  readonly after: Findings;
  /** Gives the work a copy of the fixed database in which the superuser has run `breakage`, as the deployer again. */
  readonly withBroken: <T>(breakage: string, work: (session: Session) => Promise<T>) => Promise<T>;
}

const become = "reset role; set session authorization supabase_owner; set search_path = ''";

/** Every generation of the application over one another: on it no check passes. */
const brokenState = '55_every_generation_at_once';

/** For all tests of a file: call it at the top, and what it returns within a test. */
export function useFixedChat(): () => FixedChat {
  return useHeld(withFixedChat, 'repaired databases');
}

async function withFixedChat(work: (fixed: FixedChat) => Promise<void>): Promise<void> {
  const whole = await loadChatBundle();
  const [state] = chooseStates(whole.states, { names: [brokenState], shard: null }) as [State];
  const bundle = withSettingsOf(whole, state);
  const platforms = bundle.platforms.filter(({ name }) => name === bundle.platform);
  await withPlatformDatabases(platforms, (databases) =>
    withKeptState(databases, bundle, state, async ({ connection, deployer }) => {
      const { before, after } = await withSession(deployer, async (session) => {
        const found = await find(session, bundle);
        await withTransaction(session, () => applyBundle(session, bundle));
        return { before: found, after: await find(session, bundle) };
      });
      await work({
        bundle,
        before,
        after,
        withBroken: (breakage, use) =>
          withTestDatabase(
            (copy) =>
              withSession(copy, async (session) => {
                // A copy belongs to whoever made it.
                await session.query(`alter database "${copy.database}" owner to supabase_owner`);
                await session.query(breakage);
                await session.query(become);
                return use(session);
              }),
            connection.database,
          ),
      });
    }),
  );
}

async function find(session: Session, bundle: Bundle): Promise<Findings> {
  return withRollback(session, async () => {
    const checks = await runChecks(session, bundle);
    const { result, waits } = await countWaits(() => runScenarios(session, bundle));
    return { checks, scenarios: result.scenarios, waits };
  });
}
